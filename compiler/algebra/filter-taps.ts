import type { KernelAlgebra, Size, Table } from "./kernel-algebra.ts";

/** Taps of a fixed filter: one table for every channel, or a formula of the channel. */
export type FilterTaps =
  | { readonly kind: "table"; readonly table: Table }
  /** Cosines of growing frequency: along rows for the first half of the channels, along columns for the second (Hu et al., CVPR 2022). */
  | { readonly kind: "dct"; readonly size: Size };

export function sizeOfTaps(taps: FilterTaps): Size {
  if (taps.kind === "dct") return taps.size;
  return { height: taps.table.length, width: taps.table[0]?.length ?? 0 };
}

/** The depthwise kernel [h, w, 1, channels] of a fixed filter. */
export function filterKernel<K, V>(
  algebra: KernelAlgebra<K, V>,
  taps: FilterTaps,
  channels: number,
): K {
  return taps.kind === "table"
    ? algebra.fixed([taps.table], channels)
    : cosines(algebra, taps.size, channels);
}

/**
 * P[h, w, o] = cos(π(h + 1/2)(o + 1) / height) for o < channels/2, cos(π(w + 1/2)(o + 1 - channels/2) / width) behind (Hu et al., CVPR 2022,
 * as their code has it). A cosine of frequency f repeats at f + 2·height, so few tables serve all channels.
 */
function cosines<K, V>(algebra: KernelAlgebra<K, V>, { height, width }: Size, channels: number): K {
  const rows = Math.ceil(channels / 2);
  const table = (tap: (row: number, column: number) => number): Table =>
    Array.from({ length: height }, (_, row) =>
      Array.from({ length: width }, (__, column) => tap(row, column)),
    );
  const along = (side: number, place: number, frequency: number) =>
    Math.cos((Math.PI * (place + 0.5) * frequency) / side);
  const first = Array.from({ length: Math.min(rows, 2 * height) }, (_, index) =>
    table((row) => along(height, row, index + 1)),
  );
  const second = Array.from({ length: Math.min(channels - rows, 2 * width) }, (_, index) =>
    table((__, column) => along(width, column, rows + index + 1 - channels / 2)),
  );
  const parts = [algebra.fixed(first, rows)];
  if (channels > rows) parts.push(algebra.fixed(second, channels - rows));
  return parts.length === 1 ? (parts[0] as K) : algebra.joinKernels(parts, channels);
}
