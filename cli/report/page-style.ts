import { chartStyle } from "./charts/chart.ts";

/** Style of the page: one column that fits a screen and a sheet of paper, light and dark. */
export const pageStyle = `${chartStyle}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,'Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif}
main{max-width:1120px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}
h2{font-size:19px;margin:44px 0 8px;padding-top:14px;border-top:1px solid var(--line)}
h3{font-size:15px;margin:0}h3 .note{font-weight:400}
p{margin:6px 0;max-width:75ch}
p.note,.note,figcaption{color:var(--soft)}
code{font:13px ui-monospace,'SF Mono',Menlo,Consolas,monospace}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:18px 0 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.tiles{display:flex;flex-wrap:wrap;gap:12px;margin:22px 0 0;padding:0;list-style:none}
.tiles li{border:1px solid var(--line);border-radius:8px;padding:10px 16px;min-width:118px}
.tiles b{display:block;font-size:24px;line-height:1.25;font-weight:600}
.tiles span{color:var(--soft);font-size:13px}
.charts{display:flex;flex-wrap:wrap;gap:20px 24px;align-items:flex-start;margin-top:14px}
svg.chart{max-width:100%;height:auto;display:block}
.scroll{overflow-x:auto}
table{border-collapse:collapse;margin-top:12px;width:100%;font-size:13.5px}
th{text-align:left;font-weight:600;color:var(--soft);vertical-align:bottom}
th,td{padding:5px 14px 5px 0;border-bottom:1px solid var(--line)}
td{vertical-align:top}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td:last-child ul{min-width:16em}td ul{margin:0;padding:0;list-style:none}
a{color:inherit;text-decoration-color:var(--axis);text-underline-offset:3px}
.layer{margin-top:26px;padding-top:14px;border-top:1px solid var(--line)}
.layer ul{margin:6px 0 0;padding-left:18px}
.bad{color:var(--alarm);font-weight:600}
@media print{main{max-width:none;padding:0}.layer,svg.chart,tr{break-inside:avoid}h2,h3{break-after:avoid}}
`;
