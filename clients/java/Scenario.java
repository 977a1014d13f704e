import client.ApiClient;
import client.ApiException;
import client.ApiResponse;
import client.api.CitiesApi;
import client.api.DocumentsApi;
import client.api.FilesApi;
import client.api.SearchApi;
import client.api.WorkshopsApi;
import client.model.City;
import client.model.Confidence;
import client.model.CountryCode;
import client.model.DocumentFileInput;
import client.model.DocumentInput;
import client.model.FacetCount;
import client.model.Problem;
import client.model.SourceInput;
import client.model.Workshop;
import client.model.WorkshopAnswer;
import client.model.WorkshopFacet;
import client.model.WorkshopField;
import client.model.WorkshopInclude;
import client.model.WorkshopInput;
import client.model.WorkshopKind;
import client.model.WorkshopList;
import client.model.WorkshopPatch;
import client.model.WorkshopReplacement;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How to use the client that openapi-generator's `java` makes, library `native`. Failures are
 * exceptions; a problem is in their body.
 */
final class Scenario {
  private static final String PROBLEMS =
      "A failure is an `ApiException` whose body is text: read it as `Problem` with the client's"
          + " `ObjectMapper`.";
  private static final String PLAIN =
      "It reads every text, and writes every file, as JSON: `PlainMapper` leaves both as they"
          + " are.";
  private static final ApiClient CLIENT = client();
  private static final ObjectMapper MAPPER = CLIENT.getObjectMapper();
  private static final WorkshopsApi WORKSHOPS = new WorkshopsApi(CLIENT);
  private static final CitiesApi CITIES = new CitiesApi(CLIENT);
  private static final ApiClient WRITER =
      client().setRequestInterceptor(
          request -> request.header("Authorization", "Bearer " + Steps.TOKEN));
  private static final WorkshopsApi WRITING = new WorkshopsApi(WRITER);
  private static final String ID = Steps.CLIENT + "-workshop";
  private static final String DOCUMENT = Steps.CLIENT + "-document";
  private static final OffsetDateTime STARTS = OffsetDateTime.parse("2024-05-06T09:30:00+02:00");
  private static final List<SourceInput> SOURCES =
      List.of(new SourceInput().confidence(Confidence.STATED).title("A scenario of the tests"));
  private static final String CONTENT = "Харків\n";

  private static ApiClient client() {
    ApiClient made = new ApiClient();
    made.updateBaseUri(Steps.API);
    return made.setObjectMapper(new PlainMapper());
  }

  private static ApiException failure(Steps.Step call) throws Exception {
    try {
      call.run();
    } catch (ApiException error) {
      return error;
    }
    throw new AssertionError("it was no failure");
  }

  private static Problem problem(Steps.Step call) throws Exception {
    return MAPPER.readValue(failure(call).getResponseBody(), Problem.class);
  }

  private static String tag(ApiResponse<?> answer) {
    return answer.getHeaders().get("etag").get(0);
  }

  private static ApiResponse<WorkshopAnswer> read(String... lang) throws ApiException {
    var asked = WorkshopsApi.APIGetWorkshopRequest.newBuilder().id(ID).lang(List.of(lang)).build();
    return WRITING.getWorkshopWithHttpInfo(asked);
  }

  private static WorkshopsApi.APIListWorkshopsRequest.Builder workshops() {
    return WorkshopsApi.APIListWorkshopsRequest.newBuilder();
  }

  static void list() throws ApiException {
    List<WorkshopKind> kinds = List.of(WorkshopKind.OTHER, WorkshopKind.PLANNING);
    List<WorkshopField> fields = List.of(WorkshopField.TITLE, WorkshopField.KIND);
    Set<String> seen = new HashSet<>();
    WorkshopList page = null;
    do {
      String cursor = page == null ? null : page.getPage().getNextCursor();
      var asked = workshops().kind(kinds).fields(fields).limit(4).cursor(cursor).build();
      page = WORKSHOPS.listWorkshops(asked);
      for (Workshop workshop : page.getData()) {
        Steps.ensure(kinds.contains(workshop.getKind()), workshop);
        seen.add(workshop.getId());
      }
    } while (page.getPage().getNextCursor() != null);
    Steps.ensure(seen.size() == page.getPage().getTotal() && seen.size() > 4, seen);
  }

  static void inUkrainian() throws ApiException {
    var asked = CitiesApi.APIGetCityRequest.newBuilder().id("tirana").lang(List.of("uk")).build();
    City city = CITIES.getCity(asked).getData();
    Steps.ensure(city.getLang().equals("uk") && city.getName().equals("Тирана"), city);
    Steps.ensure(Set.copyOf(city.getFallbacks().values()).equals(Set.of("en")), city);
  }

  static void include() throws ApiException {
    List<WorkshopInclude> related = List.of(WorkshopInclude.CITIES, WorkshopInclude.DOCUMENTS);
    var asked = workshops().city(List.of("kharkiv")).include(related).build();
    var included = WORKSHOPS.listWorkshops(asked).getIncluded();
    Steps.ensure(
        included.getCities().stream().anyMatch(city -> city.getId().equals("kharkiv")), included);
    Steps.ensure(!included.getDocuments().isEmpty(), included);
  }

  static void facets() throws ApiException {
    List<WorkshopFacet> counted = List.of(WorkshopFacet.KIND, WorkshopFacet.STATUS);
    WorkshopList found = WORKSHOPS.listWorkshops(workshops().limit(0).facets(counted).build());
    List<FacetCount> statuses = found.getFacets().get("status");
    Steps.ensure(statuses.stream().anyMatch(each -> each.getValue() == null), statuses);
    int sum = statuses.stream().mapToInt(FacetCount::getCount).sum();
    Steps.ensure(sum == found.getPage().getTotal(), sum);
  }

  static void search() throws ApiException {
    var asked = SearchApi.APISearchRecordsRequest.newBuilder().q("resilient").limit(5).build();
    var hits = new SearchApi(CLIENT).searchRecords(asked).getData();
    Steps.ensure(hits.stream().anyMatch(hit -> hit.getType().equals("workshops")), hits);
    Steps.ensure(
        hits.stream()
            .allMatch(
                hit ->
                    hit.getSnippet() == null || hit.getSnippet().getHtml().contains("<mark>")),
        hits);
  }

  static void notFound() throws Exception {
    var asked = WorkshopsApi.APIGetWorkshopRequest.newBuilder().id("nothing").build();
    Problem met = problem(() -> WORKSHOPS.getWorkshop(asked));
    Steps.ensure(met.getStatus() == 404 && met.getCode().equals("not_found"), met);
  }

  static void refused() throws Exception {
    var asked = workshops().startsFrom("2021-02-30").build();
    Problem met = problem(() -> WORKSHOPS.listWorkshops(asked));
    Steps.ensure(met.getCode().equals("bad_query"), met);
    Steps.ensure(met.getErrors().get(0).getParameter().equals("starts_from"), met);
  }

  static void unchanged() throws Exception {
    var asked = CitiesApi.APIGetCityRequest.newBuilder().id("kharkiv");
    String held = tag(CITIES.getCityWithHttpInfo(asked.build()));
    var again = asked.ifNoneMatch(held).build();
    Steps.ensure(failure(() -> CITIES.getCity(again)).getCode() == 304, held);
  }

  static void create() throws ApiException {
    WorkshopInput body =
        new WorkshopInput()
            .id(ID)
            .lang("en")
            .title("A workshop of the tests")
            .sources(SOURCES)
            .kind(WorkshopKind.TRAINING)
            .cities(List.of("kharkiv"))
            .startsOn("2024-05")
            .startsAt(STARTS)
            .venue("A hall");
    var asked = WorkshopsApi.APICreateWorkshopRequest.newBuilder().workshopInput(body).build();
    ApiResponse<WorkshopAnswer> answer = WRITING.createWorkshopWithHttpInfo(asked);
    Steps.ensure(answer.getStatusCode() == 201, answer.getStatusCode());
    Workshop made = answer.getData().getData();
    Steps.ensure(made.getKind() == WorkshopKind.TRAINING, made);
    Steps.ensure(made.getStartsOn().equals("2024-05") && made.getStartsAt().equals(STARTS), made);
    Steps.ensure(made.getEndsAt() == null, made);
  }

  /** A patch that empties the venue. */
  private static final class WithoutVenue extends WorkshopPatch {
    @Override
    @JsonProperty("venue")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public String getVenue() {
      return null;
    }
  }

  static void patch() throws ApiException {
    ApiResponse<WorkshopAnswer> held = read("*");
    WorkshopPatch body = new WithoutVenue().summary("What it was about");
    var asked = WorkshopsApi.APIUpdateWorkshopRequest.newBuilder().id(ID).workshopPatch(body);
    Workshop after = WRITING.updateWorkshop(asked.ifMatch(tag(held)).build()).getData();
    Steps.ensure(after.getVersion() == held.getData().getData().getVersion() + 1, after);
    Steps.ensure(after.getVenue() == null && after.getKind() == WorkshopKind.TRAINING, after);
    Steps.ensure(after.getSummary().equals("What it was about"), after);
  }

  static void stale() throws Exception {
    WorkshopPatch body = new WorkshopPatch().summary("Too late");
    var asked = WorkshopsApi.APIUpdateWorkshopRequest.newBuilder().id(ID).workshopPatch(body);
    Problem met = problem(() -> WRITING.updateWorkshop(asked.ifMatch("\"0.x\"").build()));
    Steps.ensure(met.getStatus() == 412 && met.getCode().equals("precondition_failed"), met);
  }

  static void putBack() throws Exception {
    ApiResponse<WorkshopAnswer> held = read("*");
    Workshop workshop = held.getData().getData();
    String text = MAPPER.writeValueAsString(workshop);
    WorkshopReplacement body = MAPPER.readValue(text, WorkshopReplacement.class);
    var asked = WorkshopsApi.APIReplaceWorkshopRequest.newBuilder().id(ID);
    asked.workshopReplacement(body).ifMatch(tag(held));
    ApiResponse<WorkshopAnswer> again = WRITING.replaceWorkshopWithHttpInfo(asked.build());
    Steps.ensure(again.getStatusCode() == 200, again.getStatusCode());
    Steps.ensure(again.getData().getData().getVersion().equals(workshop.getVersion()), again);
  }

  static void delete() throws Exception {
    var asked = WorkshopsApi.APIDeleteWorkshopRequest.newBuilder().id(ID).reason("a test");
    var gone = WRITING.deleteWorkshopWithHttpInfo(asked.ifMatch(tag(read("*"))).build());
    Steps.ensure(gone.getStatusCode() == 204, gone.getStatusCode());
    var there = WorkshopsApi.APIGetWorkshopRequest.newBuilder().id(ID).build();
    Problem met = problem(() -> WORKSHOPS.getWorkshop(there));
    Steps.ensure(met.getCode().equals("gone") && met.getReason().equals("a test"), met);
  }

  static void table() throws ApiException {
    var asked = CitiesApi.APIListCitiesCsvRequest.newBuilder().country(List.of(CountryCode.UA));
    String text = CITIES.listCitiesCsv(asked.build());
    Steps.ensure(text.startsWith("id,") && text.contains("Kharkiv"), text);
  }

  static void calendar() throws ApiException {
    var asked = WorkshopsApi.APIListWorkshopsIcsRequest.newBuilder().city(List.of("kharkiv"));
    String text = WORKSHOPS.listWorkshopsIcs(asked.build());
    Steps.ensure(text.startsWith("BEGIN:VCALENDAR"), text);
  }

  static void upload() throws Exception {
    var file = new DocumentFileInput().id("uk").lang("uk").mediaType("text/plain");
    DocumentInput body =
        new DocumentInput().id(DOCUMENT).lang("en").title("A text").sources(SOURCES);
    var made = DocumentsApi.APICreateDocumentRequest.newBuilder();
    made.documentInput(body.files(List.of(file)));
    new DocumentsApi(WRITER).createDocument(made.build());
    Path bytes = Files.writeString(Files.createTempFile("scenario", ".txt"), CONTENT);
    var asked = FilesApi.APIPutFileContentRequest.newBuilder().id(DOCUMENT)._file("uk");
    asked.body(bytes.toFile()).ifNoneMatch("*");
    var stored = new FilesApi(WRITER).putFileContent(asked.build()).getData();
    Steps.ensure(stored.getSize() == Files.size(bytes), stored);
    Files.delete(bytes);
  }

  static void download() throws Exception {
    var asked = FilesApi.APIGetFileContentRequest.newBuilder().id(DOCUMENT)._file("uk");
    File file = new FilesApi(CLIENT).getFileContent(asked.build());
    Steps.ensure(Files.readString(file.toPath()).equals(CONTENT), file);
    var gone = DocumentsApi.APIDeleteDocumentRequest.newBuilder().id(DOCUMENT).ifMatch("*");
    new DocumentsApi(WRITER).deleteDocument(gone.build());
  }

  public static void main(String[] arguments) {
    Steps.step("list", Scenario::list);
    Steps.step("lang", Scenario::inUkrainian);
    Steps.step("include", Scenario::include);
    Steps.step("facets", Scenario::facets);
    Steps.step("search", Scenario::search);
    Steps.step("404", PROBLEMS, Scenario::notFound);
    Steps.step("400", PROBLEMS, Scenario::refused);
    Steps.step("304", "A 304 is an exception, too: look at its code.", Scenario::unchanged);
    Steps.step("create", Scenario::create);
    Steps.step(
        "patch",
        "Models leave nulls out (`openApiNullable` would need a library that Debian lacks): a"
            + " subclass whose getter says `@JsonInclude(ALWAYS)` sends one.",
        Scenario::patch);
    Steps.step("412", PROBLEMS, Scenario::stale);
    Steps.step("put back", Scenario::putBack);
    Steps.step("delete", PROBLEMS, Scenario::delete);
    Steps.step("CSV", PLAIN, Scenario::table);
    Steps.step("iCal", PLAIN, Scenario::calendar);
    Steps.step("upload", PLAIN, Scenario::upload);
    Steps.step("download", Scenario::download);
  }
}
