import { CstParser } from "chevrotain";
import type { CstNode, IToken, ParserMethod, TokenType } from "chevrotain";
import { ExpectedTokens } from "./expected-tokens.ts";
import * as t from "./tokens.ts";

export type Rule = ParserMethod<[], CstNode>;

export interface ParserOptions {
  /** Whether chevrotain looks for faults of the grammar itself: a third of the parser's start, so the tests do that. */
  readonly skipValidations?: boolean;
}

/** The productions of chains, calls and compile-time expressions. */
export class ExpressionParser extends CstParser {
  /** First tokens of the argument and setting values that are chains: see scan.ts. */
  #chainStarts: ReadonlySet<IToken> = new Set();
  readonly #messages: ExpectedTokens;

  constructor({ skipValidations = true }: ParserOptions = {}) {
    const messages = new ExpectedTokens();
    super(t.vocabulary, {
      recoveryEnabled: true,
      skipValidations,
      maxLookahead: 2,
      nodeLocationTracking: "onlyOffset",
      errorMessageProvider: messages,
    });
    this.#messages = messages;
  }

  /** Makes ready to parse these tokens. */
  start(tokens: readonly IToken[], chainStarts: ReadonlySet<IToken>): void {
    this.#chainStarts = chainStarts;
    this.#messages.restart();
    this.input = [...tokens];
  }

  /** `open [ item { "," item } [ "," ] ] close`, with the commas between. */
  protected commaList(open: TokenType, item: Rule, close: TokenType): void {
    this.CONSUME(open);
    this.OPTION(() => {
      this.SUBRULE(item);
      this.MANY({
        GATE: () => this.LA(2).tokenType !== close,
        DEF: () => {
          this.CONSUME(t.Comma);
          this.SUBRULE1(item);
        },
      });
      this.OPTION1(() => this.CONSUME1(t.Comma));
    });
    this.CONSUME(close);
  }

  readonly chain: Rule = this.RULE("chain", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Flows, DEF: () => this.SUBRULE(this.step) });
  });

  readonly step: Rule = this.RULE("step", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.call) }, { ALT: () => this.SUBRULE(this.group) }]);
    this.OPTION(() => {
      this.CONSUME(t.Star);
      this.SUBRULE(this.primary);
    });
  });

  readonly group: Rule = this.RULE("group", () => {
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.chain);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Plus, { LABEL: "sign" }) },
        { ALT: () => this.CONSUME(t.Minus, { LABEL: "sign" }) },
      ]);
      this.SUBRULE1(this.chain);
    });
    this.CONSUME(t.RightParen);
  });

  readonly call: Rule = this.RULE("call", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.args));
  });

  readonly args: Rule = this.RULE("args", () => {
    this.commaList(t.LeftParen, this.arg, t.RightParen);
  });

  readonly arg: Rule = this.RULE("arg", () => {
    this.OPTION(() => {
      this.CONSUME(t.Word);
      this.CONSUME(t.Colon);
    });
    this.chainOrExpression();
  });

  /** `expr | chain`: both may start with a call or a parenthesis, so the scan has looked ahead for `->`. */
  protected chainOrExpression(): void {
    this.OR({
      DEF: [
        {
          GATE: () => this.#chainStarts.has(this.LA(1)),
          ALT: () => this.SUBRULE(this.chain),
        },
        { ALT: () => this.SUBRULE(this.expr) },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  }

  readonly expr: Rule = this.RULE("expr", () => {
    this.SUBRULE(this.and);
    this.MANY(() => {
      this.CONSUME(t.Or, { LABEL: "operator" });
      this.SUBRULE1(this.and);
    });
  });

  readonly and: Rule = this.RULE("and", () => {
    this.SUBRULE(this.not);
    this.MANY(() => {
      this.CONSUME(t.And, { LABEL: "operator" });
      this.SUBRULE1(this.not);
    });
  });

  readonly not: Rule = this.RULE("not", () => {
    this.OPTION(() => this.CONSUME(t.Not));
    this.SUBRULE(this.compare);
  });

  readonly compare: Rule = this.RULE("compare", () => {
    this.SUBRULE(this.add);
    this.OPTION(() => {
      this.CONSUME(t.Compare, { LABEL: "operator" });
      this.SUBRULE1(this.add);
    });
  });

  readonly add: Rule = this.RULE("add", () => {
    this.SUBRULE(this.mul);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Plus, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(t.Minus, { LABEL: "operator" }) },
      ]);
      this.SUBRULE1(this.mul);
    });
  });

  readonly mul: Rule = this.RULE("mul", () => {
    this.SUBRULE(this.size);
    this.MANY(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Star, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(t.Slash, { LABEL: "operator" }) },
        { ALT: () => this.CONSUME(t.Percent, { LABEL: "operator" }) },
      ]);
      this.SUBRULE1(this.size);
    });
  });

  readonly size: Rule = this.RULE("size", () => {
    this.SUBRULE(this.primary);
    this.OPTION(() => {
      this.CONSUME(t.By, { LABEL: "operator" });
      this.SUBRULE1(this.primary);
    });
  });

  readonly primary: Rule = this.RULE("primary", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.number) },
      { ALT: () => this.CONSUME(t.Size) },
      { ALT: () => this.CONSUME(t.Text) },
      { ALT: () => this.CONSUME(t.True) },
      { ALT: () => this.CONSUME(t.False) },
      { ALT: () => this.SUBRULE(this.call) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.parenthesised) },
    ]);
  });

  readonly parenthesised: Rule = this.RULE("parenthesised", () => {
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.expr);
    this.CONSUME(t.RightParen);
  });

  readonly number: Rule = this.RULE("number", () => {
    this.OPTION(() => this.CONSUME(t.Minus));
    this.OR([{ ALT: () => this.CONSUME(t.Float) }, { ALT: () => this.CONSUME(t.Int) }]);
  });

  readonly list: Rule = this.RULE("list", () => {
    this.commaList(t.LeftBracket, this.expr, t.RightBracket);
  });
}
