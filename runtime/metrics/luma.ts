/**
 * The luma of pixels as the super-resolution literature takes it (MATLAB's rgb2ycbcr, ITU-R BT.601): from 16 for black to 235 for white,
 * not rounded to whole numbers but to float32.
 *
 * @param colours red, green and blue of each pixel, 0 to `peak`
 * @returns one number a pixel, for colours of 0 to 255
 */
export function lumaOf(colours: Uint8Array | Float32Array, peak = 255): Float32Array {
  const luma = new Float32Array(colours.length / 3);
  for (let pixel = 0; pixel < luma.length; pixel++) {
    const red = colours[3 * pixel]!;
    const green = colours[3 * pixel + 1]!;
    const blue = colours[3 * pixel + 2]!;
    luma[pixel] = 16 + (65.481 * red + 128.553 * green + 24.966 * blue) / peak;
  }
  return luma;
}
