/**
 * The only door of the runtime to files. The command line implements it with `node:fs`, tests with a
 * map, a browser with whatever it has. Paths are joined with `/`.
 *
 * Failures are `FileProblem`s: an implementation turns "no such file" into `MissingFile`, a refused
 * or failed write (permission, full disk) into `UnwritableFile`, everything else into `UnreadableFile`.
 */
export interface FileHost {
  /** The whole file. The caller may keep and change the bytes. */
  read(path: string): Promise<Uint8Array>;
  /**
   * Writes the whole file or nothing: the bytes go to a temporary name in the same folder that begins
   * with the file's own name and ends in `.partial`, are flushed to disk, and are then renamed to `path`.
   * Missing folders are made. When it rejects, whatever stood at `path` before is still there.
   */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Whether a file (not a folder) is at `path`. */
  exists(path: string): Promise<boolean>;
  /** Names, not paths, of the files in a folder, in any order; none where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Removes a file; does nothing where there is none. */
  remove(path: string): Promise<void>;
}

/** Something about a file that its owner can put right; the message says which, what and how. */
export abstract class FileProblem extends Error {
  readonly file: string;
  /** What is wrong, a clause without full stop. */
  readonly problem: string;
  /** What to do, whole sentences. */
  readonly help: string;

  constructor(file: string, problem: string, help: string) {
    super(`\`${file}\` ${problem}. ${help}`);
    this.name = new.target.name;
    this.file = file;
    this.problem = problem;
    this.help = help;
  }
}

/** The file is there, but its bytes are not what they should be. */
export class CorruptFile extends FileProblem {}

/** There is no such file. */
export class MissingFile extends FileProblem {}

/** The file is there, but the system does not let us read it. */
export class UnreadableFile extends FileProblem {}

/** The file could not be written; what stood there before is unharmed. */
export class UnwritableFile extends FileProblem {}

/** The file is whole, but belongs to something else: another program, another version. */
export class ForeignFile extends FileProblem {}

/** The file is whole, and what it should be, but not of use here: an image that is too small. */
export class UnfitFile extends FileProblem {}

/** Joins a folder and a name; an empty folder means the current one. */
export function joinPath(folder: string, name: string): string {
  if (folder === "") return name;
  return folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}
