import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { tf } from "../../../tensors.ts";
import type { KernelParameters, Original } from "./register-kernel.ts";

type Program = Parameters<WebGPUBackend["runWebGPUProgram"]>[0];

/**
 * RealDiv as IEEE 754 has it: the float nearest to the quotient, of two equally near ones the even one. WGSL allows a quotient
 * to be 2.5 units in the last place off, and a value that lies where two levels meet would then be quantized to the other one.
 */
export function divideExactly(parameters: KernelParameters, original: Original): tf.TensorInfo {
  const { a, b } = parameters.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
  if (a.dtype !== "float32" || b.dtype !== "float32") return original(parameters);
  const program = divisionProgram(a.shape, b.shape);
  return parameters.backend.runWebGPUProgram(program, [a, b], "float32");
}

function divisionProgram(a: number[], b: number[]): Program {
  const outputShape = tf.backend_util.assertAndGetBroadcastShape(a, b);
  const threads = 128;
  return {
    shaderKey: "exact_division",
    variableNames: ["A", "B"],
    outputShape,
    dispatchLayout: { x: outputShape.map((_, axis) => axis) },
    dispatch: [Math.ceil(tf.util.sizeFromShape(outputShape) / threads), 1, 1],
    workgroupSize: [threads, 1, 1],
    size: true,
    getUserCode: () => `
      ${divide}
      fn main(index : i32) {
        if (index < uniforms.size) {
          setOutputAtIndex(index, divide(getAByOutputIndex(index), getBByOutputIndex(index)));
        }
      }`,
  };
}

/**
 * With mantissas a in [b, 2b) and b in [2^23, 2^24), the quotient has 24 bits: q = floor(a 2^23 / b). The engine's own division
 * finds it but for a few units. The remainder r = a 2^23 - q b tells how many, and it is small, so that integers which wrap
 * around at 2^32 hold it exactly. Nothing here rests on how floats are rounded, contracted or flushed to zero.
 */
const divide = `
  struct Scaled { mantissa : u32, exponent : i32 }

  // A number that is not 0 as mantissa * 2^(exponent - 150), mantissa in [2^23, 2^24).
  fn scaled(magnitude : u32) -> Scaled {
    let exponent = i32(magnitude >> 23u);
    let fraction = magnitude & 0x7fffffu;
    if (exponent > 0) { return Scaled(fraction | 0x800000u, exponent); }
    let shift = countLeadingZeros(fraction) - 8u;
    return Scaled(fraction << shift, 1 - i32(shift));
  }

  fn isAbove(remainder : u32, kept : u32, whole : u32) -> bool {
    return 2u * remainder > whole || (2u * remainder == whole && (kept & 1u) == 1u);
  }

  fn divide(a : f32, b : f32) -> f32 {
    let aBits = bitcast<u32>(a);
    let bBits = bitcast<u32>(b);
    let sign = (aBits ^ bBits) & 0x80000000u;
    let above = aBits & 0x7fffffffu;
    let below = bBits & 0x7fffffffu;
    let infinity = 0x7f800000u;
    if (above > infinity || below > infinity) { return uniforms.NAN; }
    if (above == below && (above == 0u || above == infinity)) { return uniforms.NAN; }
    if (above == infinity || below == 0u) { return bitcast<f32>(sign | infinity); }
    if (above == 0u || below == infinity) { return bitcast<f32>(sign); }

    let x = scaled(above);
    let y = scaled(below);
    let isSmaller = x.mantissa < y.mantissa;
    let m = select(x.mantissa, x.mantissa << 1u, isSmaller);
    let exponent = x.exponent - y.exponent + 127 - select(0, 1, isSmaller);
    if (exponent >= 255) { return bitcast<f32>(sign | infinity); }

    var q = u32(f32(m) / f32(y.mantissa) * 8388608.0);
    var r = bitcast<i32>((m << 23u) - q * y.mantissa);
    let divisor = i32(y.mantissa);
    for (var i = 0; i < 64 && r < 0; i++) { q -= 1u; r += divisor; }
    for (var i = 0; i < 64 && r >= divisor; i++) { q += 1u; r -= divisor; }

    if (exponent > 0) {
      q += select(0u, 1u, isAbove(u32(r), q, y.mantissa));
      return bitcast<f32>(sign | ((u32(exponent) << 23u) + (q - 0x800000u)));
    }
    // Below the normal numbers fewer bits are kept; the remainder only breaks a tie.
    let shift = u32(min(1 - exponent, 25));
    let kept = q >> shift;
    let cut = 2u * (q - (kept << shift)) + select(0u, 1u, r > 0);
    return bitcast<f32>(sign | (kept + select(0u, 1u, isAbove(cut, kept, 2u << shift))));
  }`;
