import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import schema from "../../specs/schema/names.schema.json" with { type: "json" };

let validate: ValidateFunction | undefined;

/** What in a value breaks the published schema of tables of names, as one clause; nothing where all is well. */
export function findNamesViolation(value: unknown): string | undefined {
  validate ??= new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(
    schema,
  );
  if (validate(value)) return undefined;
  // An `if` reports itself after what its branch found.
  const error = validate.errors?.find(({ keyword }) => keyword !== "if");
  const { instancePath = "", message = "is wrong" } = error ?? {};
  const where = instancePath.slice(1).replaceAll("~1", "/").replaceAll("~0", "~");
  return `${where === "" ? "it" : `\`${where}\``} ${message}`;
}
