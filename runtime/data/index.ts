export type { Augmentation } from "./augmentation.ts";
export { batches, countBatches, type Batch, type BatchOptions } from "./batches.ts";
export { countClasses, firstImages, imageBytes, type Dataset, type ImageShape } from "./dataset.ts";
export { fashionClasses, readFashionMnist, type DatasetParts } from "./fashion-mnist.ts";
export { readIdxFolder, type IdxFolderOptions, type Part } from "./idx-folder.ts";
export { packedDataset, type PackedImages } from "./packed-dataset.ts";
