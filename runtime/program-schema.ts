import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import schema from "../specs/schema/program.schema.json" with { type: "json" };

let validate: ValidateFunction | undefined;

/** What in a value breaks the published schema of programs, as one clause without full stop; nothing where all is well. */
export function findSchemaViolation(value: unknown): string | undefined {
  validate ??= new Ajv2020({ strict: true, verbose: true }).compile(schema);
  if (validate(value)) return undefined;
  // An `if` reports itself after what its `then` found.
  const error = validate.errors?.find(({ keyword }) => keyword !== "if");
  return error === undefined ? "the program breaks the schema" : describe(error);
}

function describe({ instancePath, message = "is wrong", params, data }: ErrorObject): string {
  const where = instancePath === "" ? "the program" : `\`${instancePath.slice(1)}\``;
  const name = params["additionalProperty"];
  if (typeof name === "string") return `${where} ${message}: \`${name}\``;
  const isShort = typeof data === "string" || typeof data === "number";
  return `${where} ${message}${isShort ? `, not \`${data}\`` : ""}`;
}
