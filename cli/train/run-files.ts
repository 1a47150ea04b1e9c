/** Names of what is in a run's folder. */
export const runFiles = {
  /** There while a process trains the run: says which. */
  lock: "run.lock",
  record: "run.json",
  program: "program.json",
  checkpoints: "checkpoints",
  /** The checkpoint, in its folder. */
  checkpoint: "last",
  start: "checkpoints/start.safetensors",
  /** Inputs for the report to look at activations with. */
  sample: "samples.safetensors",
  metrics: "metrics.jsonl",
  weights: "weights.safetensors",
  deployed: "deployed.safetensors",
} as const;
