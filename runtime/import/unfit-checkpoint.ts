import { FileProblem } from "../files.ts";

/** What is wrong with one tensor of a checkpoint, or with one weight that it should have. */
export type ImportProblem =
  | { readonly kind: "missing"; readonly path: string; readonly shape: readonly number[] }
  /** No weight has this name, or the weight that it leads to is not there. */
  | { readonly kind: "unexpected"; readonly name: string; readonly path?: string }
  /** Two names lead to one weight. */
  | { readonly kind: "twice"; readonly name: string; readonly path: string }
  | {
      readonly kind: "shape";
      readonly name: string;
      readonly path: string;
      /** Both as the checkpoint has them: kernels OIHW. */
      readonly found: readonly number[];
      readonly expected: readonly number[];
    }
  | { readonly kind: "value"; readonly name: string; readonly path: string; readonly text: string };

/** Tensors that are not the weights of a model. */
export class UnfitCheckpoint extends FileProblem {
  /** All of them, in the order of the checkpoint, then of the model. */
  readonly problems: readonly ImportProblem[];
  /** Whose names were looked for. */
  readonly of: string;

  constructor(file: string, problems: readonly ImportProblem[], of: string) {
    super(
      file,
      `does not hold the model's weights: ${problems.length} do not fit`,
      "Give the checkpoint of this model, or a table with its names.",
    );
    this.problems = problems;
    this.of = of;
  }
}

/** A checkpoint has merged weights where the model has branches, and nobody asked to unmerge them. */
export class MergedCheckpoint extends FileProblem {
  /** Paths of the blocks. */
  readonly blocks: readonly string[];

  constructor(file: string, blocks: readonly string[]) {
    super(file, "holds merged weights for blocks that have branches", "Unmerge them.");
    this.blocks = blocks;
  }
}

/** Merged weights cannot go into a block that has no dense branch. */
export class CannotUnmerge extends FileProblem {
  readonly block: string;

  constructor(file: string, block: string) {
    super(
      file,
      `holds a merged kernel for \`${block}\`, of which no branch can take any kernel`,
      "Give the checkpoint of the branches.",
    );
    this.block = block;
  }
}

/** Only merged weights are equalized: of branches, or of a convolution and its BN, nobody says which would take the factors. */
export class CannotEqualize extends FileProblem {
  constructor(file: string) {
    super(
      file,
      "holds weights that are not merged, and only merged ones can be equalized",
      "Give the checkpoint of the merged network with `--unmerge`, or leave out `--equalize`.",
    );
  }
}
