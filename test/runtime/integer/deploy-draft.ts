import type { Attribute, Instruction } from "../../../compiler/ir/graph.ts";
import { resultTypes } from "../../../compiler/ir/instructions.ts";
import type { DeployedSpec, Program } from "../../../compiler/ir/program.ts";
import { shapeOf, type ValueType } from "../../../compiler/ir/types.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";

type Attributes = Readonly<Record<string, Attribute>>;

/** Builds a deploy graph together with its weights, one instruction after the other. */
export class DeployDraft {
  readonly instructions: Instruction[] = [];
  readonly weights = new Map<string, HostTensor>();
  readonly deployed: DeployedSpec[] = [];
  private readonly types = new Map<string, ValueType>();

  add(op: string, args: readonly string[], attributes: Attributes = {}): string {
    const types = resultTypes(
      op,
      args.map((arg) => this.typeOf(arg)),
      attributes,
    );
    const id = `%${this.instructions.length}`;
    this.types.set(id, types[0]!);
    this.instructions.push({ op, args, attributes, results: [id], types });
    return id;
  }

  weight(path: string, role: DeployedSpec["role"], type: Attributes, data: Float32Array): string {
    const id = this.add("weight", [], { ...type, path });
    const shape = shapeOf(this.typeOf(id));
    this.weights.set(path, { shape, data });
    this.deployed.push({ path, shape, role });
    return id;
  }

  typeOf(id: string): ValueType {
    const type = this.types.get(id);
    if (!type) throw new Error(`no value ${id}`);
    return type;
  }

  program(output: string): Program {
    const input = this.instructions.find(({ op }) => op === "input")!;
    return {
      format: "repqc-program",
      version: 1,
      entry: "Random",
      source: "specs/random.repq",
      policy: "random",
      input: { name: "input", shape: shapeOf(input.types[0]!) },
      output: { shape: shapeOf(this.typeOf(output)) },
      weights: [],
      train: { instructions: [], outputs: {} },
      merge: { instructions: [], outputs: {} },
      deployed: this.deployed,
      deploy: { instructions: this.instructions, outputs: { output } },
    };
  }
}
