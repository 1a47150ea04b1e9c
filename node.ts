/** What the library needs of Node: hosts that read specs and the standard library, and read and write files, as the command line does. */
export { fileHost } from "./cli/file-host.ts";
export { createHost } from "./cli/host.ts";
export type { HostOptions } from "./cli/host.ts";
export { UserMistake } from "./cli/user-mistake.ts";
