import { tf } from "../tensors.ts";

/** What TensorFlow.js (4.22) records of an operation; its own type is not exported. */
interface TapeNode {
  gradient?: (ofOutputs: (tf.Tensor | null)[]) => Readonly<Record<string, () => tf.Tensor>>;
  readonly saved?: readonly tf.Tensor[];
}

/**
 * Lets the backward pass free memory on its way. TensorFlow.js keeps everything that the forward pass saved, and the gradients
 * of all intermediate values, until the whole pass is over; but it goes through the recorded operations strictly backwards, so
 * both can go as soon as the operation before has its turn. To be called at the end of a differentiated function.
 */
export function thinTape(): void {
  const state = tf.engine().state as unknown as { activeTape?: readonly TapeNode[] };
  let finished: readonly (tf.Tensor | null)[] = [];
  for (const node of state.activeTape ?? []) {
    const { gradient, saved = [] } = node;
    if (!gradient) continue;
    node.gradient = (ofOutputs) => {
      for (const tensor of finished) tensor?.dispose();
      finished = [...ofOutputs, ...saved];
      return ownHandles(gradient(ofOutputs), ofOutputs);
    };
  }
}

/** An operation may hand the very gradient it got on, even to several inputs; each gets a handle that dies by itself. */
function ownHandles(
  gradients: Readonly<Record<string, () => tf.Tensor>>,
  received: readonly (tf.Tensor | null)[],
): Readonly<Record<string, () => tf.Tensor>> {
  const given = new Set(received);
  const owned = Object.entries(gradients).map(([name, compute]) => [
    name,
    () => {
      const gradient = compute();
      const own = given.has(gradient) ? tf.clone(gradient) : gradient;
      given.add(own);
      return own;
    },
  ]);
  return Object.fromEntries(owned) as Readonly<Record<string, () => tf.Tensor>>;
}
