import { FONT, LINE } from './measure.ts';

/** The look of a page: no font, image or script from anywhere; light or dark as the reader's system is. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f6f7f9;--paper:#fff;--ink:#1b1f24;--soft:#59636e;--line:#d5dae0;--rule:#e8ebef;
--added:#116329;--added-bg:#dafbe1;--dropped:#a40e26;--dropped-bg:#ffe2e0;--changed:#7a4b00;--changed-bg:#fff3c9;
--renamed:#0550ae;--renamed-bg:#dbeeff;--same:#8b949e;--code:#f1f3f5;--shadow:0 1px 2px #1b1f2414,0 2px 8px #1b1f240d}
@media (prefers-color-scheme:dark){:root{--page:#0d1117;--paper:#161b22;--ink:#e6edf3;--soft:#9aa4af;--line:#353c46;
--rule:#262d36;
--added:#5fd17c;--added-bg:#12301c;--dropped:#ff8f88;--dropped-bg:#3d1518;--changed:#e9b949;--changed-bg:#352a0d;
--renamed:#7cbcff;--renamed-bg:#10294a;--same:#6b7580;--code:#1e242c;--shadow:0 1px 2px #0006}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif}
main,header{max-width:1280px;margin:0 auto;padding:0 24px}
header{padding-top:32px}
h1{font-size:26px;line-height:1.25;margin:0;overflow-wrap:anywhere;letter-spacing:-.01em}
h2{font-size:18px;margin:40px 0 12px}
h3{font-size:15px;margin:24px 0 8px;overflow-wrap:anywhere}
p{margin:6px 0}
.soft{color:var(--soft)}
.about{color:var(--soft);overflow-wrap:anywhere}
code,pre,.card,.near,.sign{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",
"DejaVu Sans Mono",monospace}
code{font-size:.92em;background:var(--code);border-radius:4px;padding:1px 5px;overflow-wrap:anywhere}
pre{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:14px 16px;overflow-x:auto;
font-size:13px;line-height:1.55;margin:8px 0;tab-size:2}
.verdicts{display:flex;flex-wrap:wrap;gap:8px;list-style:none;margin:18px 0 0;padding:0}
.verdicts li{border:1px solid var(--line);background:var(--paper);border-radius:999px;padding:3px 12px 3px 10px;
font-size:13.5px}
.ok .mark{color:var(--added)}.look .mark{color:var(--changed)}.stop .mark{color:var(--dropped)}
.look{border-color:color-mix(in srgb,var(--changed) 45%,var(--line))!important}
.stop{border-color:color-mix(in srgb,var(--dropped) 55%,var(--line))!important}
.mark{font-weight:700;margin-right:6px}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:0 0 12px;padding:0;font-size:13px;
color:var(--soft)}
.canvas{--room:max(100%,min(var(--wide) + 2px,100vw - 40px));margin:0 calc((100% - var(--room))/2);overflow:auto;
border:1px solid var(--line);border-radius:12px;background:var(--paper) radial-gradient(var(--rule) 1px,
transparent 1px) 0 0/20px 20px}
.plane{position:relative;margin:0 auto}
.plane svg{position:absolute;inset:0;overflow:visible}
.card,.near{position:absolute;background:var(--paper);border:1px solid var(--line);border-radius:8px;
font-size:${FONT}px;line-height:${LINE}px;box-shadow:var(--shadow);margin:0;overflow:hidden}
.near{color:var(--soft);border-style:dashed;box-shadow:none}
.row{position:absolute;left:0;right:0;margin:0}
.cell{position:absolute;white-space:pre;margin:0;padding:0;font-size:${FONT}px;line-height:${LINE}px;
font-weight:400;unicode-bidi:plaintext}
h3.cell{font-weight:700;color:var(--ink)}
.near h3.cell{font-weight:400;color:var(--soft)}
.row .sign{position:absolute;left:0;width:24px;text-align:center;font-weight:700}
.head{border-bottom:1px solid var(--line)}
.near .head{border:0}
.part{border-top:1px solid var(--rule)}
.part .text{color:var(--ink)}
.fold .text{color:var(--soft);font-style:italic}
.text{color:var(--soft)}
.row.dropped .name,.row.dropped .text{text-decoration:line-through;text-decoration-color:color-mix(in srgb,
var(--dropped) 60%,transparent)}
${(['added', 'dropped', 'changed', 'renamed'] as const)
  .map(
    (how) =>
      `.${how}>.sign,.row.${how} .change,.legend .${how},.list .${how}>.sign{color:var(--${how})}.row.${how}
{background:var(--${how}-bg)}` +
      `.card.${how}{border-color:color-mix(in srgb,var(--${how}) 50%,var(--line))}.card.${how}
.head{border-color:color-mix(in srgb,var(--${how}) 35%,var(--line))}` +
      `.way.${how} path{stroke:var(--${how})}.way.${how} .tip{fill:var(--${how})}.way.${how}
circle{stroke:var(--${how});fill:var(--paper)}.way.${how} text{fill:var(--${how})}`,
  )
  .join('\n')}
.card.added .row.added:not(.head),.card.dropped .row.dropped:not(.head){background:none}
.way path{fill:none;stroke:var(--same);stroke-width:1.5}.way .tip{stroke:none;fill:var(--same)}
.way.dropped path{stroke-dasharray:5 4}.way.dropped .tip{stroke-dasharray:none}
.way circle{stroke-width:1.5}.way text{font:700 13px/1 ui-monospace,monospace;text-anchor:middle;
dominant-baseline:central}
.list{list-style:none;margin:8px 0;padding:0}
.list li{padding:2px 0 2px 22px;position:relative;overflow-wrap:anywhere}
.list .sign{position:absolute;left:2px;font-weight:700}
.point{background:var(--paper);border:1px solid var(--line);border-radius:10px;margin:10px 0;padding:10px 16px}
.point h3{margin:0;font-size:15px}
.finding{border-top:1px solid var(--rule);margin-top:12px;padding-top:12px}
.finding h4{margin:0;font-size:14.5px;font-weight:600;overflow-wrap:anywhere}
summary{cursor:pointer;color:var(--renamed);margin:6px 0}
.sql{counter-reset:line;padding-left:0}
.sql span{display:block;min-height:1.55em;padding-left:56px;position:relative}
.sql span::before{counter-increment:line;content:counter(line);position:absolute;left:0;width:42px;text-align:right;
color:var(--same)}
.sql .hit{background:var(--changed-bg)}
footer{max-width:1280px;margin:48px auto 32px;padding:0 24px;color:var(--soft);font-size:13px}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:600px){main,header,footer{padding-left:14px;padding-right:14px}}
@media print{body{background:#fff}.canvas{overflow:visible;border:0}pre{white-space:pre-wrap}}
`.trim();
