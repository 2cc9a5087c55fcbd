/** The look of the matrix page: light or dark as the reader's system is, and for print. */
export const MATRIX_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1d1f21;--line:#c9ccd1;--head:#f1f2f4;
--works:#d8f0d8;--loud:#fdf0c8;--refused:#fbdcbc;--wrong:#f6b9b9;--crash:#d9c0ee}
@media (prefers-color-scheme:dark){:root{--paper:#16181a;--ink:#e3e5e8;--line:#43474d;--head:#24272b;
--works:#1f4427;--loud:#4d431a;--refused:#5a3a17;--wrong:#6e2326;--crash:#4a2b68}}
body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem 2rem 4rem;background:var(--paper);color:var(--ink)}
p,ol{max-width:60rem}h1{font-size:1.6rem;margin:0 0 .5rem}h3{margin:1.2rem 0 .3rem}
dl{display:grid;grid-template-columns:repeat(auto-fill,12.5rem 17rem);gap:.3rem .8rem;margin:1rem 0}
dt{padding:.1rem .5rem;border-radius:3px;align-self:start}dd{margin:0}
kbd{display:inline-block;width:1.2em;font:600 .95em ui-monospace,monospace}
table{border-collapse:separate;border-spacing:0;font-size:13px}
th,td{border:solid var(--line);border-width:0 1px 1px 0;padding:.15rem .45rem;text-align:left;vertical-align:top}
td{min-width:1.15rem;padding:.15rem .1rem;text-align:center;font-family:ui-monospace,monospace}
td a{display:block;color:inherit;text-decoration:none}
th{background:var(--head);font-weight:600}
thead th{position:sticky;top:0;z-index:2;height:1.2rem;white-space:nowrap}
thead tr+tr th{top:1.5rem;vertical-align:bottom}
thead tr:first-child th{border-top-width:1px}
.release{padding:.35rem 0;text-align:center;font-weight:400}
.release span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap}
.first{border-left:2px solid var(--ink)}
.tracer{position:sticky;left:0;z-index:1;border-left-width:1px}
tbody tr:first-child>*{border-top:1px solid var(--ink)}
small{display:block;font-weight:400;opacity:.75;max-width:8rem;line-height:1.2}
.works{background:var(--works)}.loud{background:var(--loud)}.refused{background:var(--refused)}
.wrong{background:var(--wrong)}.crash{background:var(--crash)}
li{margin:.3rem 0;overflow-wrap:anywhere}li:target{outline:2px solid var(--ink)}
li b{padding:0 .3rem;border-radius:3px;font-weight:600}
@media print{thead th,.tracer{position:static}}
`;
