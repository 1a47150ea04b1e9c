/**
 * Windows of a block's input along one axis: that of position p begins at `start + p * stride`, and its anchor lies `before` places behind
 * its beginning. Interior is `from` up to `to`.
 */
export interface Windows {
  readonly start: number;
  readonly before: number;
  readonly stride: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Of the padded input itself. Outputs of the whole block have their anchors from `above - before` on; what an even window without an anchor
 * has before its middle counts.
 */
export function paddedWindows(
  size: number,
  [above, below]: readonly [number, number],
  [before, after]: readonly [number, number],
): Windows {
  const first = Math.floor(above) - before;
  const last = size - 1 + after - Math.ceil(below);
  const [from, to] = [Math.min(0, first), Math.max(size, last + 1)];
  return { start: -before, before: 0, stride: 1, from, to };
}

/** Further in by so many positions. */
export function insetWindows(windows: Windows, by: number): Windows {
  return { ...windows, start: windows.start + by * windows.stride };
}

/** Behind taps of which so many lie before the anchor, at every `by`-th position. */
export function widenedWindows(windows: Windows, before: number, by: number): Windows {
  const { stride } = windows;
  return { ...windows, before: windows.before + before * stride, stride: stride * by };
}

export function isInterior(
  { start, before, stride, from, to }: Windows,
  position: number,
): boolean {
  const anchor = start + position * stride + Math.floor(before);
  return anchor >= from && anchor < to;
}
