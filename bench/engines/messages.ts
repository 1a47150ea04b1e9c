/** What a process that measures writes, one line of JSON each; what engines write of their own is no such line. */
export type Message =
  | {
      readonly kind: "ready";
      readonly engine: string;
      readonly isSoftwareGpu: boolean;
      /** Of a step, where the engine is too slow for the whole batch. */
      readonly images?: number;
    }
  | { readonly kind: "absent"; readonly reason: string }
  /** Milliseconds by workload, after each line `round` that it is sent. */
  | { readonly kind: "round"; readonly times: Readonly<Record<string, number>> };

export function parseMessage(line: string): Message | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(line) as Message;
    return ["ready", "absent", "round"].includes(value.kind) ? value : undefined;
  } catch {
    return undefined;
  }
}
