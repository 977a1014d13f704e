"use strict";

// Swagger UI has dark colours, but leaves it to the page to ask for them.
const dark = matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", dress);
dress();

const list = (value) => [value].flat().join(",");

// Swagger UI fills every parameter with its example. All filters at once find nothing, so examples
// of what may be left out move into the text. Reads get the id that the contract's answer shows;
// writes get none, so that nobody changes a record that they did not name.
function makeTriable(contract) {
  const paths = contract?.paths ?? {};
  const shared = Object.values(contract?.components?.parameters ?? {});
  for (const [path, item] of Object.entries(paths)) {
    const record = paths[path.replace(/\{id\}.*/, "{id}")]?.get?.responses?.["200"];
    const answer = record?.content?.["application/json"]?.example?.data;
    const id = item.parameters?.find((each) => each.name === "id" && each.in === "path");
    if (id && item.get) {
      item.get.parameters = [{ example: answer?.id, ...id }, ...(item.get.parameters ?? [])];
    }
    for (const holder of [item, ...Object.values(item)]) shared.push(...(holder.parameters ?? []));
  }
  for (const each of shared) {
    if (each.required || each.example === undefined) continue;
    each.description = `${each.description ?? ""} Example: \`${list(each.example)}\`.`;
    delete each.example;
  }
  return contract;
}

const triable = {
  statePlugins: {
    spec: {
      wrapActions: { updateJsonSpec: (original) => (contract) => original(makeTriable(contract)) },
    },
  },
};

// Swagger UI's own reading of a link takes `_` for a space too, and complains of it in the
// console; the ids of our operations have underscores.
const links = {
  statePlugins: {
    layout: {
      wrapActions: {
        parseDeepLinkHash: (_, { layoutActions, layoutSelectors }) => (hash) => {
          const parts = (hash ?? "").replace(/^#!?\/?/, "").split("/");
          const shown = layoutSelectors.isShownKeyFromUrlHashArray(parts);
          layoutActions.show(shown, true);
          layoutActions.scrollTo(shown);
          layoutActions.scrollToVirtualizedOperation(shown);
        },
      },
    },
  },
};

// Swagger UI puts links into buttons, where no keyboard and no screen reader expects them. The
// buttons themselves change the address, so that nothing is lost with the links.
const plainNames = ({ React }) => ({
  components: { DeepLink: ({ text }) => React.createElement("span", null, text) },
});

// What else it leaves without a name, a level that follows the one above, or a way for the keyboard.
const LEVELS = { "h3.opblock-tag, .models > h4": 2, ".opblock h4": 3, ".opblock h5": 4 };

function mend() {
  for (const row of document.querySelectorAll("tr[data-param-name]")) {
    for (const field of row.querySelectorAll("select, input, textarea")) {
      field.ariaLabel ??= row.dataset.paramName;
    }
  }
  for (const code of document.querySelectorAll("pre")) code.tabIndex = 0;
  for (const [headings, level] of Object.entries(LEVELS)) {
    for (const heading of document.querySelectorAll(headings)) heading.ariaLevel = level;
  }
  for (const [part, name] of [["information", "About"], ["schemes-server", "Server and token"]]) {
    const element = document.querySelector(`.${part}-container`);
    element?.setAttribute("role", "region");
    element?.setAttribute("aria-label", name);
  }
}
const shown = document.getElementById("console");
new MutationObserver(mend).observe(shown, { childList: true, subtree: true });

// BaseLayout, and so no standalone preset: that would add a box for other contracts' addresses and
// a badge from a validator elsewhere, and neither belongs here.
SwaggerUIBundle({
  url: "/api/v1/openapi.yaml",
  dom_id: "#console",
  layout: "BaseLayout",
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [triable, links, plainNames],
  validatorUrl: null,
  syntaxHighlight: false, // colours made a large answer wait some ten times as long
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  // The one control that Swagger UI leaves without a name.
  onComplete: () => document.getElementById("servers")?.setAttribute("aria-label", "Server"),
});
