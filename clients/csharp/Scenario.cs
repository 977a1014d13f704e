using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using Newtonsoft.Json;
using PilotCities.Api;
using PilotCities.Client;
using PilotCities.Model;
using Action = System.Action;

/// <summary>
/// How to use the client that openapi-generator's <c>csharp</c> makes, library <c>httpclient</c>.
/// Failures are exceptions; a problem is in their content.
/// </summary>
internal static class Scenario
{
    private const string Problems =
        "A failure is an `ApiException` whose content is text: read it as `Problem` with"
        + " `JsonConvert`.";

    private const string Built =
        "With `conditionalSerialization=true` what a constructor is given for required fields"
        + " counts as not set: set the properties again, as `Whole` does.";

    private static readonly HttpClient Http = new HttpClient(new MergePatches());
    private static readonly Configuration Reading = new Configuration { BasePath = Steps.Api };
    private static readonly Configuration Writing =
        new Configuration { BasePath = Steps.Api, AccessToken = Steps.Token };

    private static readonly WorkshopsApi Workshops = new WorkshopsApi(Http, Reading);
    private static readonly CitiesApi Cities = new CitiesApi(Http, Reading);
    private static readonly WorkshopsApi Writer = new WorkshopsApi(Http, Writing);
    private static readonly string Id = Steps.Client + "-workshop";
    private static readonly string Document = Steps.Client + "-document";
    private static readonly DateTimeOffset Starts = DateTimeOffset.Parse("2024-05-06T09:30:00+02:00");
    private static readonly List<SourceInput> Sources = new List<SourceInput>
    {
        Whole(new SourceInput(confidence: Confidence.Stated, title: "A scenario of the tests"))
    };
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("Харків\n");

    /// <summary>Sets what a constructor was given: else it is not sent.</summary>
    private static T Whole<T>(T made)
    {
        foreach (var property in typeof(T).GetProperties().Where(each => each.CanWrite))
        {
            var value = property.GetValue(made);
            if (value != null) property.SetValue(made, value);
        }
        return made;
    }

    private static ApiException Failure(Action call)
    {
        try
        {
            call();
        }
        catch (ApiException error)
        {
            return error;
        }
        throw new InvalidOperationException("it was no failure");
    }

    private static Problem Problem(Action call)
    {
        return JsonConvert.DeserializeObject<Problem>((string)Failure(call).ErrorContent);
    }

    private static string Tag<T>(ApiResponse<T> answer)
    {
        return answer.Headers["ETag"].Single();
    }

    private static ApiResponse<WorkshopAnswer> Held()
    {
        return Writer.GetWorkshopWithHttpInfo(Id, lang: new List<string> { "*" });
    }

    private static void List()
    {
        var kinds = new List<WorkshopKind> { WorkshopKind.Other, WorkshopKind.Planning };
        var fields = new List<WorkshopField> { WorkshopField.Title, WorkshopField.Kind };
        var seen = new HashSet<string>();
        WorkshopList page = null;
        do
        {
            var cursor = page == null ? null : page.Page.NextCursor;
            page = Workshops.ListWorkshops(kind: kinds, fields: fields, limit: 4, cursor: cursor);
            foreach (var workshop in page.Data)
            {
                Steps.Ensure(kinds.Contains(workshop.Kind.Value), workshop);
                seen.Add(workshop.Id);
            }
        }
        while (page.Page.NextCursor != null);
        Steps.Ensure(seen.Count == page.Page.Total && seen.Count > 4, seen.Count);
    }

    private static void InUkrainian()
    {
        var city = Cities.GetCity("tirana", lang: new List<string> { "uk" }).Data;
        Steps.Ensure(city.Lang == "uk" && city.Name == "Тирана", city);
        Steps.Ensure(city.Fallbacks.Values.All(each => each == "en"), city);
        Steps.Ensure(city.Fallbacks.Count > 0, city);
    }

    private static void Include()
    {
        var related = new List<WorkshopInclude> { WorkshopInclude.Cities, WorkshopInclude.Documents };
        var kharkiv = new List<string> { "kharkiv" };
        var included = Workshops.ListWorkshops(city: kharkiv, include: related).Included;
        Steps.Ensure(included.Cities.Any(city => city.Id == "kharkiv"), included);
        Steps.Ensure(included.Documents.Count > 0, included);
    }

    private static void Facets()
    {
        var counted = new List<WorkshopFacet> { WorkshopFacet.Kind, WorkshopFacet.Status };
        var found = Workshops.ListWorkshops(limit: 0, facets: counted);
        var statuses = found.Facets["status"];
        Steps.Ensure(statuses.Any(each => each.Value == null), statuses.Count);
        Steps.Ensure(statuses.Sum(each => each.Count) == found.Page.Total, found.Page);
    }

    private static void Search()
    {
        var hits = new SearchApi(Http, Reading).SearchRecords("resilient", limit: 5).Data;
        Steps.Ensure(hits.Any(hit => hit.Type == "workshops"), hits.Count);
        Steps.Ensure(
            hits.All(hit => hit.Snippet == null || hit.Snippet.Html.Contains("<mark>")), hits.Count);
    }

    private static void NotFound()
    {
        var met = Problem(() => Workshops.GetWorkshop("nothing"));
        Steps.Ensure(met.Status == 404 && met.Code == "not_found", met);
    }

    private static void Refused()
    {
        var met = Problem(() => Workshops.ListWorkshops(startsFrom: "2021-02-30"));
        Steps.Ensure(met.Code == "bad_query" && met.Errors[0].Parameter == "starts_from", met);
    }

    private static void Unchanged()
    {
        var held = Tag(Cities.GetCityWithHttpInfo("kharkiv"));
        var again = Cities.GetCityWithHttpInfo("kharkiv", ifNoneMatch: held);
        Steps.Ensure(again.StatusCode == HttpStatusCode.NotModified && again.Data == null, again);
    }

    private static void Create()
    {
        var body = new WorkshopInput(
            id: Id,
            lang: "en",
            title: "A workshop of the tests",
            sources: Sources,
            kind: WorkshopKind.Training,
            cities: new List<string> { "kharkiv" },
            startsOn: "2024-05",
            startsAt: Starts,
            venue: "A hall");
        var answer = Writer.CreateWorkshopWithHttpInfo(Whole(body));
        Steps.Ensure(answer.StatusCode == HttpStatusCode.Created, answer.StatusCode);
        var made = answer.Data.Data;
        Steps.Ensure(made.Kind == WorkshopKind.Training && made.StartsOn == "2024-05", made);
        Steps.Ensure(made.StartsAt == Starts && made.StartsAt.Value.Offset == Starts.Offset, made);
        Steps.Ensure(made.EndsAt == null, made);
    }

    private static void Patch()
    {
        var held = Held();
        var body = new WorkshopPatch { Venue = null, Summary = "What it was about" };
        var after = Writer.UpdateWorkshop(Id, body, ifMatch: Tag(held)).Data;
        Steps.Ensure(after.VarVersion == held.Data.Data.VarVersion + 1, after);
        Steps.Ensure(after.Venue == null && after.Kind == WorkshopKind.Training, after);
        Steps.Ensure(after.Summary == "What it was about", after);
    }

    private static void Stale()
    {
        var body = new WorkshopPatch { Summary = "Too late" };
        var met = Problem(() => Writer.UpdateWorkshop(Id, body, ifMatch: "\"0.x\""));
        Steps.Ensure(met.Status == 412 && met.Code == "precondition_failed", met);
    }

    private static void PutBack()
    {
        var held = Held();
        var body = JsonConvert.DeserializeObject<WorkshopReplacement>(held.Data.Data.ToJson());
        var again = Writer.ReplaceWorkshopWithHttpInfo(Id, body, ifMatch: Tag(held));
        Steps.Ensure(again.StatusCode == HttpStatusCode.OK, again.StatusCode);
        Steps.Ensure(again.Data.Data.VarVersion == held.Data.Data.VarVersion, again.Data);
    }

    private static void Delete()
    {
        var gone = Writer.DeleteWorkshopWithHttpInfo(Id, ifMatch: Tag(Held()), reason: "a test");
        Steps.Ensure(gone.StatusCode == HttpStatusCode.NoContent, gone.StatusCode);
        var met = Problem(() => Workshops.GetWorkshop(Id));
        Steps.Ensure(met.Code == "gone" && met.Reason == "a test", met);
    }

    private static void Table()
    {
        var text = Cities.ListCitiesCsv(country: new List<CountryCode> { CountryCode.UA });
        Steps.Ensure(text.StartsWith("id,") && text.Contains("Kharkiv"), text);
    }

    private static void Calendar()
    {
        var text = Workshops.ListWorkshopsIcs(city: new List<string> { "kharkiv" });
        Steps.Ensure(text.StartsWith("BEGIN:VCALENDAR"), text);
    }

    private static void Upload()
    {
        var file = new DocumentFileInput(id: "uk", lang: "uk", mediaType: "text/plain");
        var files = new List<DocumentFileInput> { Whole(file) };
        var body = new DocumentInput(
            id: Document, lang: "en", title: "A text", sources: Sources, files: files);
        new DocumentsApi(Http, Writing).CreateDocument(Whole(body));
        var content = new FileParameter(new MemoryStream(Content));
        var stored = new FilesApi(Http, Writing)
            .PutFileContent(Document, "uk", content, ifNoneMatch: "*").Data;
        Steps.Ensure(stored.Size == Content.Length, stored);
    }

    private static void Download()
    {
        var read = new MemoryStream();
        new FilesApi(Http, Reading).GetFileContent(Document, "uk").Content.CopyTo(read);
        Steps.Ensure(read.ToArray().SequenceEqual(Content), read.Length);
        new DocumentsApi(Http, Writing).DeleteDocument(Document, ifMatch: "*");
    }

    private static void Main()
    {
        Steps.Step("list", List);
        Steps.Step("lang", InUkrainian);
        Steps.Step("include", Include);
        Steps.Step("facets", Facets);
        Steps.Step("search", Search);
        Steps.Step("404", Problems, NotFound);
        Steps.Step("400", Problems, Refused);
        Steps.Step("304", Unchanged);
        Steps.Step("create", Built, Create);
        Steps.Step(
            "patch",
            "Every body goes as `application/json`: a `DelegatingHandler` of the HTTP client names"
                + " `application/merge-patch+json`. The model sends what was set alone, as"
                + " `conditionalSerialization=true` asks.",
            Patch);
        Steps.Step("412", Problems, Stale);
        Steps.Step("put back", PutBack);
        Steps.Step("delete", Problems, Delete);
        Steps.Step("CSV", Table);
        Steps.Step("iCal", Calendar);
        Steps.Step("upload", Built, Upload);
        Steps.Step("download", Download);
        Http.Dispose();
    }
}
