// How to use the client that openapi-generator's `typescript-fetch` makes.
// Failures are exceptions; a problem is in their response.
import {
  type ApiResponse,
  CitiesApi,
  Confidence,
  Configuration,
  CountryCode,
  DocumentsApi,
  FilesApi,
  type Problem,
  ProblemFromJSON,
  RecordType,
  ResponseError,
  SearchApi,
  WorkshopFacet,
  WorkshopField,
  WorkshopInclude,
  WorkshopKind,
  WorkshopReplacementFromJSON,
  WorkshopToJSON,
  WorkshopsApi,
} from "./client";
import { API, CLIENT, TOKEN, ensure, run, step } from "./reporting";

const reader = new Configuration({ basePath: API });
const writer = new Configuration({ basePath: API, accessToken: TOKEN });
const [cities, workshops] = [new CitiesApi(reader), new WorkshopsApi(reader)];
const [writing, documents] = [new WorkshopsApi(writer), new DocumentsApi(writer)];

const PROBLEMS = "A failure is a `ResponseError` without type: read its body with `ProblemFromJSON`.";

async function failure(call: Promise<unknown>): Promise<Response> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ResponseError) return error.response;
    throw error;
  }
  throw new Error("it was no failure");
}

const problem = async (call: Promise<unknown>): Promise<Problem> =>
  ProblemFromJSON(await (await failure(call)).json());

const tag = (answer: ApiResponse<unknown>) => answer.raw.headers.get("ETag") ?? "";

step("list", async () => {
  const kind: WorkshopKind[] = [WorkshopKind.Other, WorkshopKind.Planning];
  const fields = [WorkshopField.Title, WorkshopField.Kind];
  const seen = new Set<string>();
  let [cursor, total]: [string | null | undefined, number] = [undefined, 0];
  do {
    const asked = { kind, fields, limit: 4, ...(cursor && { cursor }) };
    const found = await workshops.listWorkshops(asked);
    ensure(found.data.every((each) => each.kind && kind.includes(each.kind)), found);
    for (const workshop of found.data) seen.add(workshop.id);
    [cursor, total] = [found.page.nextCursor, found.page.total];
  } while (cursor);
  ensure(seen.size === total && total > 4, { seen: seen.size, total });
});

step("lang", async () => {
  const { data } = await cities.getCity({ id: "tirana", lang: ["uk"] });
  ensure(data.lang === "uk" && data.name === "Тирана", data);
  const fallbacks = Object.values(data.fallbacks ?? {});
  ensure(fallbacks.length > 0 && fallbacks.every((language) => language === "en"), fallbacks);
});

step("include", async () => {
  const include = [WorkshopInclude.Cities, WorkshopInclude.Documents];
  const { included } = await workshops.listWorkshops({ city: ["kharkiv"], include });
  ensure(included?.cities?.some((city) => city.id === "kharkiv"), included);
  ensure(included?.documents?.length);
});

step("facets", async () => {
  const facets = [WorkshopFacet.Kind, WorkshopFacet.Status];
  const found = await workshops.listWorkshops({ limit: 0, facets });
  const statuses = found.facets?.["status"] ?? [];
  ensure(statuses.some((each) => each.value === null), statuses);
  const sum = statuses.reduce((all, each) => all + each.count, 0);
  ensure(sum > 0 && sum === found.page.total, sum);
});

step("search", async () => {
  const { data } = await new SearchApi(reader).searchRecords({ q: "resilient", limit: 5 });
  ensure(data.some((hit) => hit.type === RecordType.Workshops), data);
  ensure(data.every((hit) => hit.snippet?.html.includes("<mark>") ?? true), data);
});

step("404", async () => {
  const met = await problem(workshops.getWorkshop({ id: "nothing" }));
  ensure(met.status === 404 && met.code === "not_found", met);
}, PROBLEMS);

step("400", async () => {
  const met = await problem(workshops.listWorkshops({ startsFrom: "2021-02-30" }));
  ensure(met.code === "bad_query" && met.errors?.[0]?.parameter === "starts_from", met);
}, PROBLEMS);

step("304", async () => {
  const held = await cities.getCityRaw({ id: "kharkiv" });
  const again = await failure(cities.getCity({ id: "kharkiv", ifNoneMatch: tag(held) }));
  ensure(again.status === 304);
}, "A 304 is an exception, too: look at the status of its response.");

const sources = [{ confidence: Confidence.Stated, title: "A scenario of the tests" }];
const id = `${CLIENT}-workshop`;
const startsAt = "2024-05-06T09:30:00+02:00";

step("create", async () => {
  const answer = await writing.createWorkshopRaw({
    workshopInput: {
      id,
      lang: "en",
      title: "A workshop of the tests",
      sources,
      kind: WorkshopKind.Training,
      cities: ["kharkiv"],
      startsOn: "2024-05",
      startsAt,
      venue: "A hall",
    },
  });
  ensure(answer.raw.status === 201);
  const made = (await answer.value()).data;
  ensure(made.kind === WorkshopKind.Training && made.startsOn === "2024-05", made);
  ensure(made.startsAt === startsAt && made.endsAt === null, made);
});

step("patch", async () => {
  const held = await writing.getWorkshopRaw({ id });
  const before = (await held.value()).data;
  const workshopPatch = { summary: "What it was about", venue: null };
  const { data } = await writing.updateWorkshop({ id, workshopPatch, ifMatch: tag(held) });
  ensure(data.version === before.version + 1 && data.venue === null, data);
  ensure(data.summary === "What it was about" && data.kind === WorkshopKind.Training, data);
});

step("412", async () => {
  const workshopPatch = { summary: "Too late" };
  const met = await problem(writing.updateWorkshop({ id, workshopPatch, ifMatch: '"0.x"' }));
  ensure(met.status === 412 && met.code === "precondition_failed", met);
}, PROBLEMS);

step("put back", async () => {
  const held = await writing.getWorkshopRaw({ id, lang: ["*"] });
  const { data } = await held.value();
  const workshopReplacement = WorkshopReplacementFromJSON(WorkshopToJSON(data));
  const asked = { id, workshopReplacement, ifMatch: tag(held) };
  const again = await writing.replaceWorkshopRaw(asked);
  ensure(again.raw.status === 200);
  ensure((await again.value()).data.version === data.version);
});

step("delete", async () => {
  const ifMatch = tag(await writing.getWorkshopRaw({ id }));
  const gone = await writing.deleteWorkshopRaw({ id, ifMatch, reason: "a test" });
  ensure(gone.raw.status === 204);
  const met = await problem(workshops.getWorkshop({ id }));
  ensure(met.code === "gone" && met.reason === "a test", met);
}, PROBLEMS);

step("CSV", async () => {
  const text = await cities.listCitiesCsv({ country: [CountryCode.Ua] });
  ensure(text.startsWith("id,") && text.includes("Kharkiv"), text);
});

step("iCal", async () => {
  const text = await workshops.listWorkshopsIcs({ city: ["kharkiv"] });
  ensure(text.startsWith("BEGIN:VCALENDAR"), text);
});

const CONTENT = new TextEncoder().encode("Харків\n");
const file = { id: `${CLIENT}-document`, file: "uk" };

step("upload", async () => {
  const files = [{ id: "uk", lang: "uk", mediaType: "text/plain" }];
  const documentInput = { id: file.id, lang: "en", title: "A text", sources, files };
  await documents.createDocument({ documentInput });
  const body = new Blob([CONTENT]);
  const stored = await new FilesApi(writer).putFileContent({ ...file, body, ifNoneMatch: "*" });
  ensure(stored.data.size === CONTENT.length, stored);
});

step("download", async () => {
  const blob = await new FilesApi(reader).getFileContent(file);
  ensure(Buffer.from(await blob.arrayBuffer()).equals(CONTENT));
  await documents.deleteDocument({ id: file.id, ifMatch: "*" });
});

void run();
