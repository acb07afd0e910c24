/** Colours meet WCAG AA on their grounds, light and dark; whatever they say is said in words and signs as well. */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #1f2328; --soft: #57606a; --line: #c8d0d9; --link: #0757ba; --panel: #f6f8fa;
  --green: #11632a; --green-ground: #e3f8e7; --amber: #7a4b00; --amber-ground: #fff4d6; --red: #a40e26; --red-ground: #ffebe9; --violet: #5e34b5; --violet-ground: #f3edff; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --text: #e6edf3; --soft: #9da7b3; --line: #3d444d; --link: #6cb0ff; --panel: #151b23;
  --green: #6fdd8b; --green-ground: #10291a; --amber: #f0b72f; --amber-ground: #2e2410; --red: #ff9a92; --red-ground: #361a1d; --violet: #cbadff; --violet-ground: #261d3b; } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem; background: var(--ground); color: var(--text); overflow-wrap: break-word; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { margin: 2.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); } h3 { margin: 1.75rem 0 .5rem; font-size: 1.1rem; } h4 { margin: 0 0 .4rem; font-size: .85rem; color: var(--soft); }
a { color: var(--link); } :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.soft { color: var(--soft); } .unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }
code, pre { font: .87em/1.45 ui-monospace, monospace; } code { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: var(--soft); font-size: .85rem; padding-bottom: .25rem; }
th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; } thead th { font-size: .85rem; color: var(--soft); overflow-wrap: normal; }
td { font-variant-numeric: tabular-nums; }
ul.plain { list-style: none; padding: 0; margin: 0; } nav ul { padding-left: 1.2rem; }
.verdict, .notice { border-left: 4px solid var(--line); padding: .35rem .9rem; margin: .5rem 0; background: var(--panel); }
.verdict { font-size: 1.05rem; }
.danger { border-color: var(--red); background: var(--red-ground); } .caution { border-color: var(--amber); background: var(--amber-ground); } .verdict.routine { border-color: var(--green); background: var(--green-ground); }
.danger > strong:first-child { color: var(--red); } .caution > strong:first-child { color: var(--amber); }
details > summary { cursor: pointer; } .notice details ul { margin: .25rem 0; padding-left: 1.2rem; }
.danger .soft, .caution .soft { color: inherit; }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 4px; padding: 0 .4em; font-size: .8rem; font-weight: 600; line-height: 1.4; background: var(--ground); color: var(--soft); }
.badge.create { color: var(--green); } .badge.update { color: var(--amber); } .badge.replace { color: var(--violet); border-style: double; border-width: 3px; } .badge.delete, .badge.forget { color: var(--red); border-style: dashed; }
.object { border: 1px solid var(--line); border-radius: 6px; padding: .35rem .7rem; margin: .35rem 0; content-visibility: auto; contain-intrinsic-size: auto 2.4rem; } .object p { margin: .4rem 0; }
pre { margin: .5rem 0 .25rem; padding: .5rem .7rem; background: var(--panel); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
pre ins, pre del { text-decoration: none; } pre ins { color: var(--green); background: var(--green-ground); } pre del { color: var(--red); background: var(--red-ground); }
.filter { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: .5rem 0; } .filter[hidden] { display: none; } .filter fieldset { border: 1px solid var(--line); border-radius: 4px; display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: .2rem .7rem .4rem; margin: 0; min-width: 0; } .filter legend { font-size: .85rem; color: var(--soft); }
.filter input, .filter select, .filter button { font: inherit; max-width: 100%; } .filter label { white-space: nowrap; } .filter output { color: var(--soft); }
::placeholder { color: var(--soft); opacity: 1; }
.picture { border: 1px solid var(--line); border-radius: 8px; padding: .9rem; display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
.layers { padding-left: 2rem; margin: 0; display: grid; gap: .4rem; grid-template-columns: minmax(0, 1fr); } .layers > li::marker { color: var(--soft); }
.boxes { list-style: none; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .4rem; align-items: stretch; }
.boxes.teams { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); }
.box { border: 1px solid var(--line); border-radius: 6px; padding: .25rem .6rem; min-width: 0; max-width: 100%; overflow-wrap: anywhere; }
.box .name { font-weight: 600; } .box.none > .name { font-weight: 400; } .box .detail { display: block; font-size: .85rem; color: var(--soft); } .box:not(.none) .detail { color: inherit; }
.box.create { border: 2px solid var(--green); background: var(--green-ground); } .box.update { border: 2px solid var(--amber); background: var(--amber-ground); } .box.replace { border: 4px double var(--violet); background: var(--violet-ground); } .box.delete, .box.forget { border: 2px dashed var(--red); background: var(--red-ground); }
.box .box.none { background: var(--ground); } .limits { margin: .25rem 0; padding-left: 1.1rem; font-size: .85rem; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); color: var(--soft); }
`;
