import { ExpressionParser } from "./expression-parser.ts";
import type { ParserOptions, Rule } from "./expression-parser.ts";
import * as t from "./tokens.ts";

/** One rule per production of `specs/language.md`, under the production's name. */
export class RepqParser extends ExpressionParser {
  constructor(options?: ParserOptions) {
    super(options);
    this.performSelfAnalysis();
  }

  readonly file: Rule = this.RULE("file", () => {
    this.MANY(() => this.SUBRULE(this.import));
    this.MANY1(() => this.SUBRULE(this.declaration));
  });

  readonly import: Rule = this.RULE("import", () => {
    this.CONSUME(t.Import);
    this.commaList(t.LeftBrace, this.importName, t.RightBrace);
    this.CONSUME(t.From);
    this.CONSUME(t.Text);
  });

  readonly importName: Rule = this.RULE("importName", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.As);
      this.CONSUME1(t.Name);
    });
  });

  readonly declaration: Rule = this.RULE("declaration", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.kernel) },
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.model) },
      { ALT: () => this.SUBRULE(this.quant) },
      { ALT: () => this.SUBRULE(this.recipe) },
    ]);
  });

  readonly kernel: Rule = this.RULE("kernel", () => {
    this.CONSUME(t.Kernel);
    this.CONSUME(t.Name);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.list);
  });

  readonly block: Rule = this.RULE("block", () => {
    this.CONSUME(t.Block);
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.params));
    this.CONSUME(t.Becomes);
    this.SUBRULE(this.call);
    this.CONSUME(t.LeftBrace);
    this.MANY(() =>
      this.OR([
        { ALT: () => this.SUBRULE(this.require) },
        { ALT: () => this.SUBRULE(this.branch) },
        { ALT: () => this.SUBRULE(this.thenPart) },
      ]),
    );
    this.CONSUME(t.RightBrace);
  });

  readonly params: Rule = this.RULE("params", () => {
    this.commaList(t.LeftParen, this.param, t.RightParen);
  });

  readonly param: Rule = this.RULE("param", () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.expr);
    });
  });

  readonly type: Rule = this.RULE("type", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Bar, DEF: () => this.SUBRULE(this.typeAtom) });
  });

  readonly typeAtom: Rule = this.RULE("typeAtom", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Name) },
      {
        ALT: () => {
          this.SUBRULE(this.number);
          this.OPTION(() => {
            this.CONSUME(t.DotDot);
            this.SUBRULE1(this.number);
          });
        },
      },
    ]);
  });

  readonly require: Rule = this.RULE("require", () => {
    this.CONSUME(t.Require);
    this.SUBRULE(this.expr);
    this.OPTION(() => {
      this.CONSUME(t.Comma);
      this.CONSUME(t.Text);
    });
  });

  readonly branch: Rule = this.RULE("branch", () => {
    this.CONSUME(t.Branch);
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.LeftBracket);
      this.SUBRULE(this.expr, { LABEL: "copies" });
      this.CONSUME(t.RightBracket);
    });
    this.CONSUME(t.Equals);
    this.SUBRULE(this.chain);
    this.OPTION1(() => {
      this.CONSUME(t.When);
      this.SUBRULE1(this.expr, { LABEL: "when" });
    });
  });

  readonly thenPart: Rule = this.RULE("thenPart", () => {
    this.CONSUME(t.Then);
    this.SUBRULE(this.chain);
  });

  readonly model: Rule = this.RULE("model", () => {
    this.CONSUME(t.Model);
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.params));
    this.CONSUME(t.LeftBrace);
    this.MANY(() =>
      this.OR([
        { ALT: () => this.SUBRULE(this.require) },
        { ALT: () => this.SUBRULE(this.modelInput) },
        { ALT: () => this.SUBRULE(this.modelOutput) },
        { ALT: () => this.SUBRULE(this.binding) },
      ]),
    );
    this.CONSUME(t.RightBrace);
  });

  readonly modelInput: Rule = this.RULE("modelInput", () => {
    this.CONSUME(t.Input);
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.CONSUME1(t.Name);
    this.SUBRULE(this.list);
  });

  readonly binding: Rule = this.RULE("binding", () => {
    this.CONSUME(t.BindingName, { LABEL: "Name" });
    this.CONSUME(t.Equals);
    this.SUBRULE(this.flow);
  });

  readonly modelOutput: Rule = this.RULE("modelOutput", () => {
    this.CONSUME(t.Output);
    this.SUBRULE(this.flow);
  });

  readonly flow: Rule = this.RULE("flow", () => {
    this.SUBRULE(this.sum);
    this.MANY(() => {
      this.CONSUME(t.Flows);
      this.SUBRULE(this.step);
    });
  });

  readonly sum: Rule = this.RULE("sum", () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Plus, DEF: () => this.SUBRULE(this.source) });
  });

  readonly source: Rule = this.RULE("source", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Name) },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          this.SUBRULE(this.flow);
          this.CONSUME(t.RightParen);
        },
      },
    ]);
  });

  readonly quant: Rule = this.RULE("quant", () => {
    this.CONSUME(t.Quant);
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.params));
    this.CONSUME(t.LeftBrace);
    this.MANY(() =>
      this.OR([{ ALT: () => this.SUBRULE(this.at) }, { ALT: () => this.SUBRULE(this.setting) }]),
    );
    this.CONSUME(t.RightBrace);
  });

  readonly recipe: Rule = this.RULE("recipe", () => {
    this.CONSUME(t.Recipe);
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.params));
    this.CONSUME(t.LeftBrace);
    this.MANY(() => this.SUBRULE(this.setting));
    this.CONSUME(t.RightBrace);
  });

  readonly at: Rule = this.RULE("at", () => {
    this.CONSUME(t.At);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.selector) });
    this.CONSUME(t.LeftBrace);
    this.MANY(() => this.SUBRULE(this.setting));
    this.CONSUME(t.RightBrace);
  });

  readonly selector: Rule = this.RULE("selector", () => {
    this.SUBRULE(this.segment);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.SUBRULE(this.segmentOrIndex);
    });
  });

  readonly segmentOrIndex: Rule = this.RULE("segmentOrIndex", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.segment) }, { ALT: () => this.CONSUME(t.Int) }]);
  });

  readonly segment: Rule = this.RULE("segment", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Word);
          this.OPTION(() => this.SUBRULE(this.args));
        },
      },
      { ALT: () => this.CONSUME(t.Star) },
      { ALT: () => this.CONSUME(t.StarStar) },
    ]);
  });

  readonly setting: Rule = this.RULE("setting", () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.chainOrExpression();
  });
}
