import type { RandomState } from "../random.ts";
import type { RgbImage } from "./rgb-image.ts";

/** Makes pixels of image files, away from the thread that asks: many requests may be open at a time. */
export interface ImageDecoder {
  /**
   * @throws FileProblem naming the file, when it is not there, cannot be read, or is no whole image
   */
  decode(request: DecodeRequest): Promise<RgbImage>;
  /** Ends its threads; open requests are rejected. */
  close(): Promise<void>;
}

/** Plain data, so that it can be sent to another thread. */
export interface DecodeRequest {
  readonly file: string;
  /** What is wanted of the image; all of it unless told. */
  readonly view?: View;
}

/** Pixels. */
export type Size = readonly [height: number, width: number];

export type View =
  /** A random part of the image, resized, mirrored in half of the cases: what classifiers are trained with. */
  | { readonly kind: "random-crop"; readonly size: Size; readonly random: RandomState }
  /** The middle of the image, resized: what classifiers are tested with. */
  | { readonly kind: "centre-crop"; readonly size: Size }
  /** No pixels, only how many there are: a file's beginning tells that. */
  | { readonly kind: "size" };
