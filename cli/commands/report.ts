import { Command } from "commander";
import { addBackendOptions, openChosenBackend, type BackendChoice } from "../backend-options.ts";
import { filesIn } from "../files.ts";
import { requireResults } from "../results/require-results.ts";
import type { Session } from "../session.ts";

export interface ReportOptions extends BackendChoice {
  readonly out?: string;
  readonly svg?: string;
}

const details = `
The page has the learning curves, every quantizer's step, clipping and error, and the range of each
output channel, branch by branch and merged. It needs no other file, no network and no scripts.

Weights are those at the run's end, or of its last checkpoint. Activations are looked at on the
run's own data, or on samples.safetensors (a tensor \`input\`) in its folder; without both, only
weights are shown. Branches need the specs as they were when the run began.`;

export function reportCommand(session: Session): Command {
  const command = new Command("report")
    .description("Show how a training went and what quantization does to each layer, as one page.")
    .argument("<run>", "folder of a run, as `repqc train -o` made it");
  return addBackendOptions(command)
    .option("-o, --out <file>", "the HTML page (report.html in the run's folder)")
    .option("--svg <folder>", "also write each chart as an SVG of its own")
    .addHelpText("after", details)
    .action(async (run: string, options: ReportOptions) =>
      session.end(await report(run, options, session)),
    );
}

/** Writes a run's page. @returns the exit code */
export async function report(
  run: string,
  options: ReportOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  const { withImages } = await import("../with-images.ts");
  return withImages(terminal.folder, async (decoder) => {
    const { joinPath } = await import("../../runtime/files.ts");
    const { readRunFolder } = await import("../report/read-run-folder.ts");
    const found = await readRunFolder(run, terminal);
    const { out = joinPath(run, "report.html") } = options;
    const { folder } = terminal;
    const sources = { "the run": run };
    requireResults(folder, [out], sources);
    await openChosenBackend(options, terminal.writeError);
    const { readSample } = await import("../report/read-sample.ts");
    const sample = await readSample(run, found, terminal.folder, decoder);
    const { analyseRun } = await import("../report/analyse-run.ts");
    const analysis = await analyseRun(found, sample);
    const { allCharts, reportPage } = await import("../report/page.ts");
    const { svg } = options;
    const charts = svg === undefined ? [] : [...allCharts(analysis)];
    const places = charts.map(([name]) => joinPath(svg ?? "", `${name}.svg`));
    requireResults(folder, places, sources);
    const files = filesIn(folder);
    files.write(out, reportPage(analysis));
    terminal.write(`wrote ${out}\n`);
    if (svg === undefined) return 0;
    const { svgFile } = await import("../report/charts/chart.ts");
    charts.forEach(([, chart], index) => files.write(places[index]!, svgFile(chart)));
    terminal.write(`wrote ${charts.length} charts to ${svg}\n`);
    return 0;
  });
}
