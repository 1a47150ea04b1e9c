/** A photograph as it was decoded. */
export interface RgbImage {
  readonly height: number;
  readonly width: number;
  /** height x width x 3 bytes: red, green and blue of each pixel, row after row. */
  readonly pixels: Uint8Array;
}

/** A rectangle of pixels, from its upper left one. */
export interface Region {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}
