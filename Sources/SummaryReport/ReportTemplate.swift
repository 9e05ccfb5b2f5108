/// The page of a run in the language of Mustache; `ReportPage` has the names.
enum ReportTemplate {
  static let text = head + front + entries + search + provenance

  private static let head = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="generator" content="symreg">
    <title>{{title}}</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <a class="skip" href="#main">Skip to the content</a>
    <svg class="definitions" aria-hidden="true" focusable="false"><defs>{{{definitions}}}</defs></svg>
    <header>
    <h1>{{title}}</h1>
    <p>{{lead}}</p>
    <nav aria-label="Parts of the report"><ul>
    <li><a href="#front">Front</a></li>
    <li><a href="#entries">Entries</a></li>
    <li><a href="#search">Search</a></li>
    <li><a href="#provenance">Provenance</a></li>
    </ul></nav>
    </header>
    <main id="main" tabindex="-1">
    <dl class="facts">
    {{#summary}}
    <dt>{{name}}</dt><dd>{{#link}}<a href="{{link}}">{{value}}</a>{{/link}}{{^link}}{{value}}{{/link}}</dd>
    {{/summary}}
    </dl>

    """

  private static let front = """
    <section aria-labelledby="front">
    <h2 id="front">Front</h2>
    {{#frontWide}}
    <figure class="wide">{{{svg}}}<figcaption>{{caption}}</figcaption></figure>
    {{/frontWide}}
    {{#frontNarrow}}
    <figure class="narrow">{{{svg}}}<figcaption>{{caption}}</figcaption></figure>
    {{/frontNarrow}}
    <div class="scroll" role="region" aria-labelledby="front-caption" tabindex="0">
    <table>
    <caption id="front-caption">Entries by size; errors in meV/Å</caption>
    <thead><tr><th scope="col">nodes</th><th scope="col">all frames</th><th scope="col" class="less">training</th>\
    {{#hasValidation}}<th scope="col">validation</th>{{/hasValidation}}\
    {{#hasFolds}}<th scope="col">folds</th>{{/hasFolds}}\
    <th scope="col" class="less">R²</th><th scope="col">flags</th><th scope="col" class="text">U(r)</th></tr></thead>
    <tbody>
    {{#rows}}
    <tr{{#isRecommended}} class="mark"{{/isRecommended}}><th scope="row"><a href="#entry-{{size}}">{{size}}</a></th>\
    <td>{{error}}</td><td class="less">{{training}}</td>\
    {{#hasValidation}}<td>{{validation}}</td>{{/hasValidation}}\
    {{#hasFolds}}<td>{{folds}}</td>{{/hasFolds}}\
    <td class="less">{{r2}}</td><td>{{flags}}</td>\
    <td class="text form">{{expression}}{{#isRecommended}} <span class="badge">recommended</span>{{/isRecommended}}</td></tr>
    {{/rows}}
    </tbody>
    <tbody>
    {{#marks}}
    <tr><th scope="row"><span class="small">–</span></th><td>{{error}}</td><td class="less"></td>\
    {{#hasValidation}}<td>{{validation}}</td>{{/hasValidation}}\
    {{#hasFolds}}<td>{{folds}}</td>{{/hasFolds}}\
    <td class="less">{{r2}}</td><td></td><td class="text">{{name}}</td></tr>
    {{/marks}}
    </tbody>
    </table>
    </div>
    <ul>
    {{#notes}}
    <li>{{.}}</li>
    {{/notes}}
    </ul>
    </section>

    """

  private static let entries = """
    <section aria-labelledby="entries">
    <h2 id="entries">Entries</h2>
    <nav aria-label="Entries by nodes"><ul>
    {{#entries}}
    <li><a href="#entry-{{size}}"{{#isRecommended}} class="mark"{{/isRecommended}} \
    aria-label="{{size}} nodes{{#isRecommended}}, recommended{{/isRecommended}}">{{size}}</a></li>
    {{/entries}}
    </ul></nav>
    {{#entryRemarks}}
    <p>{{.}}</p>
    {{/entryRemarks}}
    {{^entries}}
    <p>The front has no entry: no expression was better than U = 0.</p>
    {{/entries}}
    {{#entries}}
    <article id="entry-{{size}}" aria-labelledby="title-{{size}}"{{#isRecommended}} class="mark"{{/isRecommended}}>
    <h3 id="title-{{size}}">{{size}} nodes{{#isRecommended}} <span class="badge">recommended</span>{{/isRecommended}}</h3>
    <div class="math" tabindex="0" role="group" aria-label="Formula of {{size}} nodes">\
    <math display="block"><mrow><mi>U</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>r</mi><mo>)</mo></mrow>\
    <mo>=</mo>{{{math}}}</mrow></math></div>
    <p class="code">{{expression}}</p>
    {{#kinds}}
    <p class="small">{{.}}</p>
    {{/kinds}}
    <dl class="facts">
    {{#errors}}
    <dt>{{name}}</dt><dd>{{value}}</dd>
    {{/errors}}
    </dl>
    {{#flags}}
    <p><span class="badge">{{name}}</span> {{meaning}}{{#isBarring}}; bars the entry from being recommended{{/isBarring}}.</p>
    {{/flags}}
    <h4>Parameters</h4>
    <div class="scroll" role="region" aria-label="Parameters of {{size}} nodes" tabindex="0">
    <table>
    <thead><tr><th scope="col" class="text">name</th><th scope="col" class="text">of</th>\
    <th scope="col" class="text">value</th>{{#hasBootstrap}}<th scope="col">bootstrap error</th>{{/hasBootstrap}}\
    <th scope="col" class="text">unit</th></tr></thead>
    <tbody>
    {{#parameters}}
    <tr><th scope="row" class="text">{{name}}</th><td class="text">{{index}}</td><td class="text">{{value}}</td>\
    {{#hasBootstrap}}<td>{{bootstrap}}</td>{{/hasBootstrap}}<td class="text">{{unit}}</td></tr>
    {{/parameters}}
    </tbody>
    </table>
    </div>
    {{#parameterRemarks}}
    <p class="small">{{.}}</p>
    {{/parameterRemarks}}
    {{#pairRemark}}
    <h4>By pair of types</h4>
    <p class="small">{{.}}</p>
    {{/pairRemark}}
    <div class="figures">
    {{#pairs}}
    <figure>{{{svg}}}<figcaption>{{caption}}</figcaption></figure>
    {{/pairs}}
    </div>
    <div class="figures">
    {{#parity}}
    <figure>{{{svg}}}<figcaption>{{caption}}</figcaption></figure>
    {{/parity}}
    </div>
    <h4>Take it to a simulation</h4>
    <pre tabindex="0"><code>{{command}}</code></pre>
    <p class="small">Other formats: {{otherFormats}}. <a class="back" href="#front">Back to the front</a></p>
    </article>
    {{/entries}}
    </section>

    """

  private static let search = """
    <section aria-labelledby="search">
    <h2 id="search">Search</h2>
    {{#searchMissing}}
    <p>{{.}}</p>
    {{/searchMissing}}
    <div class="figures">
    {{#search}}
    <figure>{{{svg}}}<figcaption>{{caption}}</figcaption></figure>
    {{/search}}
    </div>
    <dl class="facts">
    {{#searchRows}}
    <dt>{{name}}</dt><dd>{{value}}</dd>
    {{/searchRows}}
    </dl>
    </section>

    """

  private static let provenance = """
    <section aria-labelledby="provenance">
    <h2 id="provenance">Provenance</h2>
    <dl class="facts">
    {{#provenance}}
    <dt>{{name}}</dt><dd>{{value}}</dd>
    {{/provenance}}
    </dl>
    {{#commands}}
    <h3>The run again</h3>
    <pre tabindex="0"><code>{{.}}</code></pre>
    {{/commands}}
    {{#commandRemark}}
    <p class="small">{{.}}</p>
    {{/commandRemark}}
    <h3>Options</h3>
    <dl class="facts">
    {{#options}}
    <dt class="code">{{name}}</dt><dd>{{value}}</dd>
    {{/options}}
    </dl>
    </section>
    </main>
    <footer>Lengths in Å, energies in eV. Made by symreg.</footer>
    </body>
    </html>

    """
}
