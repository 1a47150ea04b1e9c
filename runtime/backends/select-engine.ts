import { tf } from "../tensors.ts";
import { BackendUnavailable } from "./backend-unavailable.ts";
import type { BackendName } from "./backend.ts";

/** Makes a registered engine the current one and waits until it is ready. */
export async function selectEngine(name: BackendName, remedies: readonly string[]): Promise<void> {
  // Otherwise the cpu engine greets every user with an advertisement, and every call is checked twice.
  tf.enableProdMode();
  let cause: unknown;
  try {
    if (await tf.setBackend(name)) await tf.ready();
  } catch (error) {
    cause = error;
  }
  if (cause !== undefined || tf.getBackend() !== name) {
    throw new BackendUnavailable(name, "TensorFlow.js could not start it", remedies, cause);
  }
}
