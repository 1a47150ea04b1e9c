/** Who may import whom; the table of ARCHITECTURE.md. `type-only` imports count like any other. */
const folder = (name) => `^${name}/`;
const own = "^(grammar|compiler|runtime|cli|bench|test)/";

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "grammar-knows-only-itself",
      severity: "error",
      from: { path: folder("grammar") },
      to: { path: own, pathNot: folder("grammar") },
    },
    {
      name: "compiler-is-pure",
      severity: "error",
      from: { path: folder("compiler"), pathNot: "\\.mjs$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "compiler-knows-no-tensors",
      severity: "error",
      from: { path: folder("compiler") },
      to: { path: "^(runtime|cli|bench|test)/|@tensorflow" },
    },
    {
      name: "phases-do-not-meet",
      severity: "error",
      from: { path: "^compiler/([1-7]-[a-z]+)/" },
      to: { path: "^compiler/[1-7]-[a-z]+/", pathNot: "^compiler/$1/" },
    },
    {
      name: "only-the-first-phases-know-syntax",
      comment:
        "Spans are everywhere: diagnostics need them. Policies keep their selectors as syntax.",
      severity: "error",
      from: { path: "^compiler/([4-7]-|ir|ops|algebra|prove|draw)" },
      to: {
        path: folder("grammar"),
        pathNot: "^grammar/(source|ast)\\.ts$",
      },
    },
    {
      name: "diagnostics-know-places-and-slips",
      severity: "error",
      from: { path: "^compiler/diagnostics/" },
      to: {
        path: folder("grammar"),
        pathNot: "^grammar/(source|did-you-mean|syntax-problem)\\.ts$",
      },
    },
    {
      name: "algebra-below-ops-below-ir",
      severity: "error",
      from: { path: "^compiler/algebra/" },
      to: { path: "^compiler/(?!algebra)" },
    },
    {
      name: "ops-know-no-phase",
      severity: "error",
      from: { path: "^compiler/(ops|ir)/" },
      to: { path: "^compiler/[1-7]-" },
    },
    {
      name: "readers-of-the-ir-know-no-phase",
      severity: "error",
      from: { path: "^compiler/(prove|draw)/" },
      to: { path: "^compiler/([1-7]-|diagnostics|compile)" },
    },
    {
      name: "runtime-knows-no-text",
      severity: "error",
      from: { path: folder("runtime") },
      to: { path: "^(grammar|cli|bench|test)/|^compiler/([1-7]-|diagnostics|compile)" },
    },
    {
      name: "one-door-to-tensorflow",
      severity: "error",
      from: { path: own, pathNot: "^runtime/(tensors\\.ts|backends/)|^(test|bench)/" },
      to: { path: "@tensorflow" },
    },
    {
      name: "one-user-of-the-system",
      comment:
        "So that the library can be bundled for browsers, backends ask for Node's modules at run time (builtin-module.ts) and import only their types.",
      severity: "error",
      from: { path: "^(grammar|compiler|runtime)/", pathNot: "\\.mjs$" },
      to: { dependencyTypes: ["core"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|node_modules|repqc-demo)/" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".mjs", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
    },
  },
};
