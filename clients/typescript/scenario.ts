// How to use the types that openapi-typescript makes, with openapi-fetch.
// Failures are values: `data` is the answer, `error` a problem.
import createClient from "openapi-fetch";
import { API, CLIENT, TOKEN, ensure, run, step } from "./reporting";
import type { components, paths } from "./schema";

const LISTS = "openapi-fetch does not see the document when it runs, and would repeat the name of a list for each value: `querySerializer` says once that lists are joined by commas.";
const options = {
  baseUrl: API,
  querySerializer: { array: { style: "form", explode: false } },
} as const;
const reader = createClient<paths>(options);
const writer = createClient<paths>({ ...options, headers: { Authorization: `Bearer ${TOKEN}` } });

const tag = (response: Response) => response.headers.get("ETag") ?? "";

type Asked = NonNullable<paths["/api/v1/workshops"]["get"]["parameters"]["query"]>;

step("list", async () => {
  const seen = new Set<string>();
  let query: Asked = { kind: ["other", "planning"], fields: ["title", "kind"], limit: 4 };
  let page: components["schemas"]["Page"];
  do {
    const { data, error } = await reader.GET("/api/v1/workshops", { params: { query } });
    ensure(data, error);
    ensure(data.data.every(({ kind }) => kind === "other" || kind === "planning"), data);
    for (const workshop of data.data) seen.add(workshop.id);
    page = data.page;
    if (page.next_cursor) query = { ...query, cursor: page.next_cursor };
  } while (page.next_cursor);
  ensure(seen.size === page.total && page.total > 4, { seen: seen.size, page });
}, LISTS);

step("lang", async () => {
  const asked = { path: { id: "tirana" }, query: { lang: ["uk"] } };
  const { data } = await reader.GET("/api/v1/cities/{id}", { params: asked });
  ensure(data?.data.lang === "uk" && data.data.name === "Тирана", data);
  const fallbacks = Object.values(data.data.fallbacks ?? {});
  ensure(fallbacks.length > 0 && fallbacks.every((language) => language === "en"), fallbacks);
});

step("include", async () => {
  const { data } = await reader.GET("/api/v1/workshops", {
    params: { query: { city: ["kharkiv"], include: ["cities", "documents"] } },
  });
  const { cities = [], documents = [] } = data?.included ?? {};
  ensure(cities.some((city) => city.id === "kharkiv"), cities);
  ensure(documents.length > 0);
});

step("facets", async () => {
  const { data } = await reader.GET("/api/v1/workshops", {
    params: { query: { limit: 0, facets: ["kind", "status"] } },
  });
  const statuses = data?.facets?.["status"] ?? [];
  ensure(statuses.some((each) => each.value === null));
  const sum = statuses.reduce((all, each) => all + each.count, 0);
  ensure(sum > 0 && sum === data?.page.total, sum);
});

step("search", async () => {
  const query = { q: "resilient", limit: 5 };
  const { data } = await reader.GET("/api/v1/search", { params: { query } });
  const hits = data?.data ?? [];
  ensure(hits.some((hit) => hit.type === "workshops"), hits);
  ensure(hits.every((hit) => hit.snippet?.html.includes("<mark>") ?? true), hits);
});

step("404", async () => {
  const asked = { path: { id: "nothing" } };
  const { error } = await reader.GET("/api/v1/workshops/{id}", { params: asked });
  ensure(error?.status === 404 && error.code === "not_found", error);
});

step("400", async () => {
  const query = { starts_from: "2021-02-30" };
  const { error } = await reader.GET("/api/v1/workshops", { params: { query } });
  ensure(error?.code === "bad_query", error);
  ensure(error.errors?.[0]?.parameter === "starts_from", error);
});

step("304", async () => {
  const path = { id: "kharkiv" };
  const { response } = await reader.GET("/api/v1/cities/{id}", { params: { path } });
  const header = { "If-None-Match": tag(response) };
  const again = await reader.GET("/api/v1/cities/{id}", { params: { path, header } });
  ensure(again.response.status === 304);
});

const sources: components["schemas"]["SourceInput"][] = [
  { confidence: "stated", title: "A scenario of the tests" },
];
const workshop = { path: { id: `${CLIENT}-workshop` } };
const AT = "/api/v1/workshops/{id}" as const;

step("create", async () => {
  const { data, error, response } = await writer.POST("/api/v1/workshops", {
    body: {
      id: workshop.path.id,
      lang: "en",
      title: "A workshop of the tests",
      sources,
      kind: "training",
      cities: ["kharkiv"],
      starts_on: "2024-05",
      starts_at: "2024-05-06T09:30:00+02:00",
      venue: "A hall",
    },
  });
  ensure(response.status === 201 && data, error);
  const made = data.data;
  ensure(made.kind === "training" && made.starts_on === "2024-05" && made.ends_at === null, made);
  ensure(made.starts_at === "2024-05-06T09:30:00+02:00", made);
});

step("patch", async () => {
  const held = await writer.GET(AT, { params: workshop });
  const { data, error } = await writer.PATCH(AT, {
    params: { ...workshop, header: { "If-Match": tag(held.response) } },
    body: { summary: "What it was about", venue: null },
    headers: { "Content-Type": "application/merge-patch+json" },
  });
  ensure(data && data.data.version === (held.data?.data.version ?? 0) + 1, error);
  ensure(data.data.venue === null && data.data.summary === "What it was about", data);
  ensure(data.data.kind === "training");
}, "openapi-fetch sends every body as `application/json`, which a PATCH does not take (415): name `application/merge-patch+json` in `headers`.");

step("412", async () => {
  const { error } = await writer.PATCH(AT, {
    params: { ...workshop, header: { "If-Match": '"0.x"' } },
    body: { summary: "Too late" },
    headers: { "Content-Type": "application/merge-patch+json" },
  });
  ensure(error?.status === 412 && error.code === "precondition_failed", error);
});

step("put back", async () => {
  const held = await writer.GET(AT, { params: { ...workshop, query: { lang: ["*"] } } });
  ensure(held.data);
  const { title, sources, ...rest } = held.data.data;
  ensure(title && sources);
  const { data, error, response } = await writer.PUT(AT, {
    params: { ...workshop, header: { "If-Match": tag(held.response) } },
    body: { ...rest, title, sources },
  });
  ensure(response.status === 200 && data?.data.version === rest.version, error);
});

step("delete", async () => {
  const held = await writer.GET(AT, { params: workshop });
  const asked = { header: { "If-Match": tag(held.response) }, query: { reason: "a test" } };
  const gone = await writer.DELETE(AT, { params: { ...workshop, ...asked } });
  ensure(gone.response.status === 204, gone.error);
  const { error } = await reader.GET(AT, { params: workshop });
  ensure(error?.code === "gone" && error.reason === "a test", error);
});

step("CSV", async () => {
  const query = { country: ["UA" as const] };
  const asked = { params: { query }, parseAs: "text" } as const;
  const { data } = await reader.GET("/api/v1/cities.csv", asked);
  ensure(data?.startsWith("id,") && data.includes("Kharkiv"), data);
});

step("iCal", async () => {
  const query = { city: ["kharkiv"] };
  const asked = { params: { query }, parseAs: "text" } as const;
  const { data } = await reader.GET("/api/v1/workshops.ics", asked);
  ensure(data?.startsWith("BEGIN:VCALENDAR"), data);
});

const CONTENT = new TextEncoder().encode("Харків\n");
const document = { path: { id: `${CLIENT}-document` } };
const file = { path: { ...document.path, file: "uk" } };
const BYTES = "/api/v1/documents/{id}/files/{file}/content" as const;

step("upload", async () => {
  const made = await writer.POST("/api/v1/documents", {
    body: {
      id: document.path.id,
      lang: "en",
      title: "A text",
      sources,
      files: [{ id: "uk", lang: "uk", media_type: "text/plain" }],
    },
  });
  ensure(made.response.status === 201, made.error);
  const { data, error } = await writer.PUT(BYTES, {
    params: { ...file, header: { "If-None-Match": "*" } },
    headers: { "Content-Type": "application/octet-stream" },
    body: "",
    bodySerializer: () => CONTENT,
  });
  ensure(data?.data.size === CONTENT.length, error);
}, "openapi-typescript types binary bodies as `string`: give the bytes by `bodySerializer`, and read them by `parseAs`.");

step("download", async () => {
  const { data } = await reader.GET(BYTES, { params: file, parseAs: "arrayBuffer" });
  ensure(data && Buffer.from(data).equals(CONTENT));
  await writer.DELETE("/api/v1/documents/{id}", {
    params: { ...document, header: { "If-Match": "*" } },
  });
});

void run();
