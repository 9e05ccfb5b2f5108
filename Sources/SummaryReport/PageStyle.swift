/// The style sheet of all pages: light and dark, for narrow screens and for paper.
enum PageStyle {
  static let text = """
    :root{color-scheme:light dark;\(variables(\.light));--link:#00598c}
    @media (prefers-color-scheme:dark){:root{\(variables(\.dark));--link:#7cc4f5}}
    \(rules)
    @media print{:root{color-scheme:light;\(variables(\.light));--link:#00598c}
    \(paper)}
    """

  private static func variables(_ color: (Palette) -> String) -> String {
    Palette.allCases.map { "--\($0.rawValue):\(color($0))" }.joined(separator: ";")
  }

  private static let rules = """
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
    header,main,footer{max-width:76rem;margin:0 auto;padding:0 1rem}
    main{padding-bottom:2rem}
    h1{font-size:1.7rem;line-height:1.2;margin:1.2rem 0 .5rem}
    h2{font-size:1.35rem;margin:2.2rem 0 .6rem;padding-top:.6rem;border-top:2px solid var(--rule)}
    h3{font-size:1.1rem;margin:0 0 .4rem}
    h4{font-size:1rem;margin:1.2rem 0 .3rem}
    p,li,dd,figcaption{overflow-wrap:anywhere}
    p,ul{max-width:46rem}
    a{color:var(--link)}
    a:focus-visible,[tabindex]:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
    main:focus{outline:none}
    .skip{position:absolute;left:-999rem}
    .skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem 1rem;z-index:2}
    .definitions{position:absolute;width:0;height:0}
    nav ul{list-style:none;padding:0;margin:.6rem 0;display:flex;flex-wrap:wrap;gap:.2rem .4rem}
    nav a{display:inline-block;min-width:2.2rem;padding:.25rem .5rem;text-align:center;border:1px solid var(--rule);\
    border-radius:.3rem;text-decoration:none}
    nav a.mark{border:2px solid var(--ink);font-weight:600}
    dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.2rem;margin:.8rem 0}
    dl.facts dt{color:var(--muted)}
    dl.facts dd{margin:0}
    @media (max-width:32rem){dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin:0 0 .4rem}}
    figure{margin:1rem 0}
    figcaption{color:var(--muted);font-size:.9rem;max-width:46rem}
    svg.plot{display:block;width:100%;height:auto;font-family:system-ui,sans-serif;font-size:13px}
    .g{fill:none;color:var(--ink);stroke:currentColor}
    .t{stroke:none;fill:var(--ink)}
    .target{fill:transparent;stroke:none}
    a:hover .target{stroke:var(--ink);stroke-width:1.5}
    svg a:focus{outline:none}
    svg a:focus-visible .target{stroke:var(--link);stroke-width:3}
    .wide svg{max-width:60rem}
    .narrow{display:none}
    @media (max-width:40rem){.wide{display:none}.narrow{display:block}}
    .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:0 1.2rem}
    .figures figure{max-width:27rem;margin:.6rem 0}
    .scroll{overflow-x:auto;margin:.6rem 0;max-width:100%}
    table{border-collapse:collapse;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--muted);font-size:.9rem;padding-bottom:.3rem}
    th,td{padding:.25rem .7rem .25rem 0;text-align:right;vertical-align:top;border-bottom:1px solid var(--rule)}
    th,td{white-space:nowrap}
    th{font-weight:600}
    th.text,td.text{text-align:left}
    tr.mark>*{background:var(--shade)}
    td.form,.code{font-family:ui-monospace,monospace;font-size:.9em}
    td.form{min-width:14rem;white-space:normal;overflow-wrap:anywhere}
    @media (max-width:40rem){.less{display:none}td.form{min-width:10rem}}
    article{border:1px solid var(--rule);border-radius:.5rem;padding:1rem;margin:1.2rem 0}
    article.mark{border:2px solid var(--ink)}
    .math{overflow-x:auto;padding:.5rem 0;font-size:1.25rem}
    .math math{display:inline-block}
    pre{overflow-x:auto;background:var(--shade);padding:.6rem .8rem;border-radius:.3rem;margin:.5rem 0;font-size:.9rem}
    .badge{border:1px solid currentColor;border-radius:.3rem;padding:0 .35rem;font-size:.85rem;font-weight:600}
    .small{font-size:.9rem;color:var(--muted)}
    footer{border-top:2px solid var(--rule);padding-top:.8rem;padding-bottom:2rem;color:var(--muted);font-size:.9rem}
    """

  private static let paper = """
    body{font-size:10pt}
    header,main,footer{max-width:none;padding:0}
    nav,.skip,.back{display:none}
    .wide{display:block}.narrow{display:none}.less{display:table-cell}
    .scroll,.math,pre{overflow:visible}
    pre{white-space:pre-wrap;overflow-wrap:anywhere}
    figure,table,tr{break-inside:avoid}
    h2,h3,h4{break-after:avoid}
    .figures{grid-template-columns:repeat(3,1fr)}
    a{color:inherit;text-decoration:none}
    """
}
