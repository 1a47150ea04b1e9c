type Scope = {
  readonly process: {
    readonly platform: string;
    dlopen(module: { exports: object }, path: string): void;
  };
};

const library = "libvulkan.so.1";

/** Whether Dawn would find Vulkan, which it needs on Linux; asked instead, it writes its complaint past us to the terminal. For Node. */
export function hasVulkan(): boolean {
  const { process } = globalThis as unknown as Scope;
  if (process.platform !== "linux") return true;
  try {
    process.dlopen({ exports: {} }, library);
    return true;
  } catch (error) {
    // Where it is there, Node says that it is no addon, after it was loaded.
    const message = error instanceof Error ? error.message : String(error);
    return !message.includes("cannot open shared object") && !message.includes("No such file");
  }
}
