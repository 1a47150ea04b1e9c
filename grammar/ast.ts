/**
 * The syntax tree of a `.repq` file: one readonly record per production of `specs/language.md`, told apart by `kind`, each with the span
 * of its text. Nothing here has been checked beyond syntax.
 */
import type { Span } from "./source.ts";

interface Node {
  readonly span: Span;
}

/** A name as written, with its own span so that messages can point at it. */
export interface Name extends Node {
  readonly text: string;
}

export interface File extends Node {
  readonly kind: "file";
  readonly imports: readonly Import[];
  readonly declarations: readonly Declaration[];
}

export interface Import extends Node {
  readonly kind: "import";
  readonly names: readonly ImportName[];
  /** The path between the quotes, unescaped. */
  readonly from: StringLiteral;
}

export interface ImportName extends Node {
  readonly name: Name;
  /** The local name; same as `name` without `as`. */
  readonly local: Name;
}

export type Declaration = Kernel | Block | Model | Quant | Recipe;

interface Declared extends Node {
  readonly name: Name;
  /** Text of the `///` lines above, without slashes, joined by newlines. */
  readonly doc?: string;
}

export interface Kernel extends Declared {
  readonly kind: "kernel";
  readonly table: List;
}

export interface Block extends Declared {
  readonly kind: "block";
  readonly params: readonly Param[];
  /** What follows `=>`. */
  readonly becomes: Call;
  readonly requires: readonly Require[];
  readonly branches: readonly Branch[];
  /** All `then` statements in order; more than one is a later phase's error. */
  readonly thens: readonly Then[];
}

export interface Model extends Declared {
  readonly kind: "model";
  readonly params: readonly Param[];
  readonly requires: readonly Require[];
  readonly inputs: readonly Input[];
  readonly bindings: readonly Binding[];
  readonly outputs: readonly Output[];
}

export interface Quant extends Declared {
  readonly kind: "quant";
  readonly params: readonly Param[];
  readonly settings: readonly Setting[];
  readonly ats: readonly At[];
}

export interface Recipe extends Declared {
  readonly kind: "recipe";
  readonly params: readonly Param[];
  readonly settings: readonly Setting[];
}

export interface Param extends Node {
  readonly kind: "param";
  readonly name: Name;
  readonly doc?: string;
  readonly type: Type;
  readonly default?: Expression;
}

/** Alternatives separated by `|`; a single one is the plain type. */
export interface Type extends Node {
  readonly kind: "type";
  readonly alternatives: readonly TypeAtom[];
}

export type TypeAtom =
  | (Node & { readonly kind: "typeName"; readonly name: Name })
  | (Node & { readonly kind: "typeRange"; readonly low: number; readonly high: number })
  | (Node & { readonly kind: "typeValue"; readonly value: number });

export interface Require extends Node {
  readonly kind: "require";
  readonly condition: Expression;
  readonly message?: StringLiteral;
}

export interface Branch extends Node {
  readonly kind: "branch";
  readonly name: Name;
  readonly doc?: string;
  /** The expression of `name[copies]`. */
  readonly copies?: Expression;
  readonly chain: Chain;
  readonly when?: Expression;
}

export interface Then extends Node {
  readonly kind: "then";
  readonly chain: Chain;
}

/** `a -> b -> c`. */
export interface Chain extends Node {
  readonly kind: "chain";
  readonly steps: readonly Step[];
}

export interface Step extends Node {
  readonly kind: "step";
  readonly item: Call | Group;
  /** The expression of `step * n`. */
  readonly repeat?: Expression;
}

/** `(a -> b + c - d)`: chains that add or subtract. */
export interface Group extends Node {
  readonly kind: "group";
  readonly terms: readonly Term[];
}

export interface Term extends Node {
  readonly sign: 1 | -1;
  readonly chain: Chain;
}

/** `name` or `name(args)`; without parentheses `args` is absent. */
export interface Call extends Node {
  readonly kind: "call";
  readonly name: Name;
  readonly args?: readonly Arg[];
}

/** `value`, or `label: value`. A value that is one bare call is an expression, never a chain. */
export interface Arg extends Node {
  readonly kind: "arg";
  readonly label?: Name;
  readonly value: Expression | Chain;
}

export interface Input extends Node {
  readonly kind: "input";
  readonly name: Name;
  readonly doc?: string;
  /** `image` in `input x: image[224, 224, 3]`. */
  readonly type: Name;
  readonly shape: List;
}

export interface Binding extends Node {
  readonly kind: "binding";
  readonly name: Name;
  readonly doc?: string;
  readonly flow: Flow;
}

export interface Output extends Node {
  readonly kind: "output";
  readonly flow: Flow;
}

/** `a + b -> f -> g`: the sum is taken first. */
export interface Flow extends Node {
  readonly kind: "flow";
  readonly sources: readonly FlowSource[];
  readonly steps: readonly Step[];
}

export type FlowSource =
  | (Node & { readonly kind: "reference"; readonly name: Name })
  | (Node & { readonly kind: "parenthesised"; readonly flow: Flow });

export interface At extends Node {
  readonly kind: "at";
  readonly selectors: readonly Selector[];
  readonly settings: readonly Setting[];
}

export interface Selector extends Node {
  readonly kind: "selector";
  readonly segments: readonly Segment[];
}

export type Segment =
  | Call
  | (Node & { readonly kind: "index"; readonly value: number })
  | (Node & { readonly kind: "any" })
  | (Node & { readonly kind: "anyDepth" });

export interface Setting extends Node {
  readonly kind: "setting";
  readonly name: Name;
  readonly doc?: string;
  readonly value: Expression | Chain;
}

export type BinaryOperator =
  "or" | "and" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "-" | "*" | "/" | "%" | "by";

export type Expression =
  | (Node & { readonly kind: "number"; readonly value: number; readonly isInteger: boolean })
  | (Node & { readonly kind: "size"; readonly height: number; readonly width: number })
  | StringLiteral
  | (Node & { readonly kind: "boolean"; readonly value: boolean })
  | Call
  | List
  | (Node & {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & { readonly kind: "not"; readonly operand: Expression })
  | (Node & { readonly kind: "parenthesised-expression"; readonly inner: Expression });

export interface StringLiteral extends Node {
  readonly kind: "string";
  readonly value: string;
}

export interface List extends Node {
  readonly kind: "list";
  readonly items: readonly Expression[];
}
