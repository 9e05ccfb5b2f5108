/// The page of several runs in the language of Mustache; `ComparisonPage` has the names.
enum ComparisonTemplate {
  static let text = """
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
    </header>
    <main id="main" tabindex="-1">
    {{#warnings}}
    <p><span class="badge">Note</span> {{.}}</p>
    {{/warnings}}
    {{#figures}}
    <figure><div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div>\
    <figcaption>{{caption}}</figcaption></figure>
    {{/figures}}
    <section aria-labelledby="runs">
    <h2 id="runs">Runs</h2>
    <div class="scroll" role="region" aria-labelledby="runs-caption" tabindex="0">
    <table>
    <caption id="runs-caption">What each run is; errors over all frames in meV/Å</caption>
    <thead><tr><th scope="col" class="text">run</th><th scope="col" class="text">data</th>\
    <th scope="col" class="text">cutoff</th><th scope="col">seed</th><th scope="col">forms</th>\
    <th scope="col">certified</th><th scope="col">lowest</th><th scope="col" class="text">recommended</th></tr></thead>
    <tbody>
    {{#runs}}
    <tr><th scope="row" class="text">{{name}}</th><td class="text">{{data}}</td><td class="text">{{cutoff}}</td>\
    <td>{{seed}}</td><td>{{forms}}</td><td>{{certified}}</td><td>{{best}}</td><td class="text form">{{recommended}}</td></tr>
    {{/runs}}
    </tbody>
    </table>
    </div>
    </section>
    <section aria-labelledby="errors">
    <h2 id="errors">Errors by size</h2>
    <div class="scroll" role="region" aria-labelledby="errors-caption" tabindex="0">
    <table>
    <caption id="errors-caption">Over all frames, meV/Å; shaded and marked * where recommended</caption>
    <thead><tr><th scope="col">nodes</th>{{#runs}}<th scope="col">{{name}}</th>{{/runs}}</tr></thead>
    <tbody>
    {{#rows}}
    <tr><th scope="row">{{size}}</th>{{#cells}}<td>{{text}}{{#isRecommended}} *{{/isRecommended}}</td>{{/cells}}</tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    </section>
    </main>
    <footer>Lengths in Å, energies in eV. Made by symreg.</footer>
    </body>
    </html>

    """
}
