/** Measures of how alike two images are. */
export type { ComparedImages } from "./crop-border.ts";
export { lumaOf } from "./luma.ts";
export { psnr, type PsnrOptions } from "./psnr.ts";
export { ssim } from "./ssim.ts";
