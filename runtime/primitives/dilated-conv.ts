import { tf } from "../tensors.ts";
import { conv, type ConvGeometry } from "./conv.ts";
import { dilateKernel } from "./dilate-kernel.ts";
import { foldWindows } from "./fold-windows.ts";
import { joinPhases, splitPhases } from "./pixel-phases.ts";

/**
 * Where windows with gaps lie: two of their taps are `dilation` apart. The compiler has such a type and a divisor of its own: primitives are
 * pasted into emitted modules, so that they import primitives alone.
 */
export type DilatedGeometry = ConvGeometry & { readonly dilation: number };

/** [top, bottom, left, right]. */
type Around = readonly [number, number, number, number];

/**
 * As `conv`, of windows with gaps. Such a window sees pixels of one phase alone, those `dilation` apart: over them it has no gaps. So the
 * phases are taken apart and convolved as images of their own, for which engines have gradients; a dilated convolution they cannot
 * differentiate, and with a stride not even compute. A 3x3 kernel so takes its 9 products for an output, and (2 dilation + 1)² with zeros
 * written between its taps; maps are filled up with zeros to whole phases, which tells where the dilation is no smaller than they are. Where
 * stride and dilation have no divisor in common the zeros are written.
 * @param x [B, H, W, C] @param kernel [kh, kw, C / groups, O] @returns [B, OH, OW, O]
 */
export function dilatedConv(x: tf.Tensor, kernel: tf.Tensor, geometry: DilatedGeometry): tf.Tensor {
  const { stride, pads, groups, dilation } = geometry;
  const common = greatestDivisor(stride, dilation);
  if (common > 1) return onFirstPhase(x, kernel, geometry, common);
  // Here too each output sees one phase, those `dilation` apart the same one: dilation² convolutions, too much code for what is rarely used.
  if (stride > 1)
    return conv(x, dilateKernel(kernel, dilation, dilation), { stride, pads, groups });
  return onEachPhase(x, kernel, geometry);
}

/** What stride and dilation have in common leaves out whole phases: of that distance, all windows lie in the first. */
function onFirstPhase(
  x: tf.Tensor,
  kernel: tf.Tensor,
  geometry: DilatedGeometry,
  common: number,
): tf.Tensor {
  const [rows, columns] = countWindows(x, kernel, geometry);
  const [kh = 1, kw = 1] = kernel.shape;
  const [stride, dilation] = [geometry.stride / common, geometry.dilation / common];
  const seen = (windows: number, taps: number) =>
    ((windows - 1) * stride + (taps - 1) * dilation + 1) * common;
  const cut = cutSpace(x, geometry.pads, [seen(rows, kh), seen(columns, kw)]);
  const phase = foldWindows(cut, common, [1, 1]);
  const own = { stride, pads: unpadded, groups: geometry.groups };
  return dilation > 1 ? dilatedConv(phase, kernel, { ...own, dilation }) : conv(phase, kernel, own);
}

function onEachPhase(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { pads, groups, dilation, stride }: DilatedGeometry,
): tf.Tensor {
  const [rows, columns] = countWindows(x, kernel, { pads, groups, dilation, stride });
  const [kh = 1, kw = 1] = kernel.shape;
  const [, height = 0, width = 0] = x.shape;
  const seen = (windows: number, taps: number) =>
    (Math.ceil(windows / dilation) + taps - 1) * dilation;
  const [tall, wide] = [seen(rows, kh), seen(columns, kw)];
  const [top, , left] = pads;
  const around: Around = [top, tall - top - height, left, wide - left - width];
  // Zeros that fall evenly to all phases are left to their convolution, which need not copy for them.
  const isEven = around.every((side) => side >= 0 && side % dilation === 0);
  const [above, below, before, behind] = around;
  const own: Around = isEven
    ? [above / dilation, below / dilation, before / dilation, behind / dilation]
    : unpadded;
  const phases = splitPhases(isEven ? x : cutSpace(x, pads, [tall, wide]), dilation);
  const convolved = conv(phases, kernel, { stride: 1, pads: own, groups });
  return cutSpace(joinPhases(convolved, dilation), unpadded, [rows, columns]);
}

const unpadded: Around = [0, 0, 0, 0];

/** Rows and columns of windows. */
function countWindows(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { stride, dilation, pads: [top, bottom, left, right] }: DilatedGeometry,
): readonly [number, number] {
  const [, height = 0, width = 0] = x.shape;
  const [kh = 1, kw = 1] = kernel.shape;
  const count = (size: number, taps: number) =>
    Math.floor((size - (taps - 1) * dilation - 1) / stride) + 1;
  return [count(top + height + bottom, kh), count(left + width + right, kw)];
}

/** So many rows and columns of the map with zeros above and to the left, and below and to the right as far as it takes. */
function cutSpace(
  x: tf.Tensor,
  [top, , left]: Around,
  [rows, columns]: readonly [number, number],
): tf.Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [bottom, right] = [Math.max(0, rows - top - height), Math.max(0, columns - left - width)];
  const isPadded = top + bottom + left + right > 0;
  const padded = isPadded ? tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]) : x; // prettier-ignore
  const isWhole = padded.shape[1] === rows && padded.shape[2] === columns;
  return isWhole ? padded : tf.slice(padded, [0, 0, 0, 0], [batch, rows, columns, channels]);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
