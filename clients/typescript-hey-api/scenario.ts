// How to use the client that @hey-api/openapi-ts makes.
// Failures are values: `data` is the answer, `error` a problem.
import {
  type ListWorkshopsData,
  type Page,
  type WorkshopReplacementWritable,
  createDocument,
  createWorkshop,
  deleteDocument,
  deleteWorkshop,
  getCity,
  getFileContent,
  getWorkshop,
  listCitiesCsv,
  listWorkshops,
  listWorkshopsIcs,
  putFileContent,
  replaceWorkshop,
  searchRecords,
  updateWorkshop,
} from "./client";
import { createClient, createConfig } from "./client/client";
import { API, CLIENT, TOKEN, ensure, run, step } from "./reporting";

const client = createClient(createConfig({ baseUrl: API }));
const writer = createClient(createConfig({ baseUrl: API, auth: TOKEN }));

const tag = (response: Response | undefined) => response?.headers.get("ETag") ?? "";

step("list", async () => {
  const seen = new Set<string>();
  let query: ListWorkshopsData["query"] = {
    kind: ["other", "planning"],
    fields: ["title", "kind"],
    limit: 4,
  };
  let page: Page;
  do {
    const { data, error } = await listWorkshops({ client, query });
    ensure(data, error);
    ensure(data.data.every(({ kind }) => kind === "other" || kind === "planning"), data);
    for (const workshop of data.data) seen.add(workshop.id);
    page = data.page;
    if (page.next_cursor) query = { ...query, cursor: page.next_cursor };
  } while (page.next_cursor);
  ensure(seen.size === page.total && page.total > 4, { seen: seen.size, page });
});

step("lang", async () => {
  const { data } = await getCity({ client, path: { id: "tirana" }, query: { lang: ["uk"] } });
  ensure(data?.data.lang === "uk" && data.data.name === "Тирана", data);
  const fallbacks = Object.values(data.data.fallbacks ?? {});
  ensure(fallbacks.length > 0 && fallbacks.every((language) => language === "en"), fallbacks);
});

step("include", async () => {
  const query = { city: ["kharkiv"], include: ["cities" as const, "documents" as const] };
  const { data } = await listWorkshops({ client, query });
  const { cities = [], documents = [] } = data?.included ?? {};
  ensure(cities.some((city) => city.id === "kharkiv"), cities);
  ensure(documents.length > 0);
});

step("facets", async () => {
  const query = { limit: 0, facets: ["kind" as const, "status" as const] };
  const { data } = await listWorkshops({ client, query });
  const statuses = data?.facets?.["status"] ?? [];
  ensure(statuses.some((each) => each.value === null), statuses);
  const sum = statuses.reduce((all, each) => all + each.count, 0);
  ensure(sum > 0 && sum === data?.page.total, sum);
});

step("search", async () => {
  const { data } = await searchRecords({ client, query: { q: "resilient", limit: 5 } });
  const hits = data?.data ?? [];
  ensure(hits.some((hit) => hit.type === "workshops"), hits);
  ensure(hits.every((hit) => hit.snippet?.html.includes("<mark>") ?? true), hits);
});

step("404", async () => {
  const { error } = await getWorkshop({ client, path: { id: "nothing" } });
  ensure(error?.status === 404 && error.code === "not_found", error);
});

step("400", async () => {
  const { error } = await listWorkshops({ client, query: { starts_from: "2021-02-30" } });
  ensure(error?.code === "bad_query" && error.errors?.[0]?.parameter === "starts_from", error);
});

step("304", async () => {
  const path = { id: "kharkiv" };
  const held = await getCity({ client, path });
  const headers = { "If-None-Match": tag(held.response) };
  const again = await getCity({ client, path, headers });
  ensure(again.response?.status === 304);
});

const sources = [{ confidence: "stated" as const, title: "A scenario of the tests" }];
const path = { id: `${CLIENT}-workshop` };
const starts_at = "2024-05-06T09:30:00+02:00";

step("create", async () => {
  const { data, error, response } = await createWorkshop({
    client: writer,
    body: {
      ...path,
      lang: "en",
      title: "A workshop of the tests",
      sources,
      kind: "training",
      cities: ["kharkiv"],
      starts_on: "2024-05",
      starts_at,
      venue: "A hall",
    },
  });
  ensure(response?.status === 201 && data, error);
  const made = data.data;
  ensure(made.kind === "training" && made.starts_on === "2024-05", made);
  ensure(made.starts_at === starts_at && made.ends_at === null, made);
});

step("patch", async () => {
  const held = await getWorkshop({ client: writer, path });
  const headers = { "If-Match": tag(held.response) };
  const body = { summary: "What it was about", venue: null };
  const { data, error } = await updateWorkshop({ client: writer, path, headers, body });
  ensure(data && data.data.version === (held.data?.data.version ?? 0) + 1, error);
  ensure(data.data.venue === null && data.data.summary === "What it was about", data);
  ensure(data.data.kind === "training");
});

step("412", async () => {
  const headers = { "If-Match": '"0.x"' };
  const body = { summary: "Too late" };
  const { error } = await updateWorkshop({ client: writer, path, headers, body });
  ensure(error?.status === 412 && error.code === "precondition_failed", error);
});

step("put back", async () => {
  const held = await getWorkshop({ client: writer, path, query: { lang: ["*"] } });
  ensure(held.data, held.error);
  const headers = { "If-Match": tag(held.response) };
  const { title, sources, ...rest } = held.data.data;
  ensure(title && sources);
  const body: WorkshopReplacementWritable = { ...rest, title, sources };
  const again = await replaceWorkshop({ client: writer, path, headers, body });
  ensure(again.response?.status === 200, again.error);
  ensure(again.data?.data.version === rest.version);
});

step("delete", async () => {
  const held = await getWorkshop({ client: writer, path });
  const headers = { "If-Match": tag(held.response) };
  const asked = { path, headers, query: { reason: "a test" } };
  const gone = await deleteWorkshop({ client: writer, ...asked });
  ensure(gone.response?.status === 204, gone.error);
  const { error } = await getWorkshop({ client, path });
  ensure(error?.code === "gone" && error.reason === "a test", error);
});

step("CSV", async () => {
  const { data } = await listCitiesCsv({ client, query: { country: ["UA"] } });
  ensure(data?.startsWith("id,") && data.includes("Kharkiv"), data);
});

step("iCal", async () => {
  const { data } = await listWorkshopsIcs({ client, query: { city: ["kharkiv"] } });
  ensure(data?.startsWith("BEGIN:VCALENDAR"), data);
});

const CONTENT = new TextEncoder().encode("Харків\n");
const document = { id: `${CLIENT}-document` };
const file = { ...document, file: "uk" };

step("upload", async () => {
  const files = [{ id: "uk", lang: "uk", media_type: "text/plain" }];
  const body = { ...document, lang: "en", title: "A text", sources, files };
  const made = await createDocument({ client: writer, body });
  ensure(made.response?.status === 201, made.error);
  const headers = { "If-None-Match": "*" };
  const bytes = new Blob([CONTENT]);
  const stored = await putFileContent({ client: writer, path: file, headers, body: bytes });
  ensure(stored.data?.data.size === CONTENT.length, stored.error);
});

step("download", async () => {
  const { data } = await getFileContent({ client, path: file, parseAs: "blob" });
  ensure(data && Buffer.from(await data.arrayBuffer()).equals(CONTENT));
  await deleteDocument({ client: writer, path: document, headers: { "If-Match": "*" } });
});

void run();
