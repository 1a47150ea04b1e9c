export type { Augmentation } from "./augmentation.ts";
export { batches, type Batch, type BatchOptions } from "./batches.ts";
export { calibrationBatches } from "./calibration-batches.ts";
export { cifar10Classes, readCifar10 } from "./cifar10.ts";
export { classificationExamples, type ClassificationOptions } from "./classification-examples.ts";
export type { DataHost } from "./data-host.ts";
export { countClasses, firstImages, imageBytes, type Dataset, type ImageShape } from "./dataset.ts";
export type { ExampleBatch, Examples, PassOptions, Target } from "./examples.ts";
export { fashionClasses, readFashionMnist, type DatasetParts } from "./fashion-mnist.ts";
export { readIdxFolder, type IdxFolderOptions, type Part } from "./idx-folder.ts";
export type { DecodeRequest, ImageDecoder, Size, View } from "./image-decoder.ts";
export { imageEndings } from "./image-files.ts";
export { imageFolderExamples, type ImageFolderOptions } from "./image-folder-examples.ts";
export { readImageFolder, type ImageFolder } from "./image-folder.ts";
export {
  findPairs,
  imagePairs,
  photographPairs,
  type ImagePairs,
  type PairFiles,
  type PairOptions,
} from "./image-pairs.ts";
export { imagenetNormalization, type Normalization } from "./normalization.ts";
export type { Colours, Sight } from "./float-image.ts";
export { packedDataset, type PackedImages } from "./packed-dataset.ts";
export { countPassedOver } from "./passed-over.ts";
export { photographPatches, type PatchOptions } from "./photograph-patches.ts";
export { countBatches } from "./plan-pass.ts";
export { readImageData, type ImageData } from "./read-image-data.ts";
export type { RgbImage } from "./rgb-image.ts";
