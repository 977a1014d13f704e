// How to use the client that openapi-generator's `go` makes.
// A failure is an error that holds the problem.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	api "scenario/client"
)

const unchanged = "A 304 comes with an error, too: look at the answer's status."

var (
	reader = context.Background()
	writer = context.WithValue(reader, api.ContextAccessToken, token)
	id     = client + "-workshop"
	paper  = client + "-document"
	starts = must(time.Parse(time.RFC3339, "2024-05-06T09:30:00+02:00"))
)

func newClient() *api.APIClient {
	settings := api.NewConfiguration()
	settings.Servers = api.ServerConfigurations{{URL: server}}
	return api.NewAPIClient(settings)
}

var c = newClient()

// problem returns the problem that an error holds.
func problem(err error) api.Problem {
	var failure *api.GenericOpenAPIError
	ensure(errors.As(err, &failure), err)
	met, ok := failure.Model().(api.Problem)
	ensure(ok, err)
	return met
}

func list() {
	kinds := []api.WorkshopKind{api.WORKSHOPKIND_OTHER, api.WORKSHOPKIND_PLANNING}
	fields := []api.WorkshopField{api.WORKSHOPFIELD_TITLE, api.WORKSHOPFIELD_KIND}
	seen := map[string]bool{}
	asked := c.WorkshopsAPI.ListWorkshops(reader).Kind(kinds).Fields(fields).Limit(4)
	for {
		page, _, err := asked.Execute()
		ensure(err == nil, err)
		for _, workshop := range page.Data {
			ensure(slices.Contains(kinds, workshop.GetKind()), workshop.Id)
			seen[workshop.Id] = true
		}
		cursor, more := page.Page.GetNextCursorOk()
		if !more || cursor == nil {
			ensure(len(seen) == int(page.Page.Total) && len(seen) > 4, len(seen))
			return
		}
		asked = asked.Cursor(*cursor)
	}
}

func inUkrainian() {
	answer, _, err := c.CitiesAPI.GetCity(reader, "tirana").Lang([]string{"uk"}).Execute()
	ensure(err == nil, err)
	city := answer.Data
	ensure(city.Lang == "uk" && city.GetName() == "Тирана", city)
	ensure(len(city.GetFallbacks()) > 0)
	for _, language := range city.GetFallbacks() {
		ensure(language == "en", language)
	}
}

func include() {
	related := []api.WorkshopInclude{api.WORKSHOPINCLUDE_CITIES, api.WORKSHOPINCLUDE_DOCUMENTS}
	asked := c.WorkshopsAPI.ListWorkshops(reader).City([]string{"kharkiv"}).Include(related)
	found, _, err := asked.Execute()
	ensure(err == nil, err)
	isKharkiv := func(city api.City) bool { return city.Id == "kharkiv" }
	ensure(slices.ContainsFunc(found.Included.GetCities(), isKharkiv))
	ensure(len(found.Included.GetDocuments()) > 0)
}

func facets() {
	counted := []api.WorkshopFacet{api.WORKSHOPFACET_KIND, api.WORKSHOPFACET_STATUS}
	found, _, err := c.WorkshopsAPI.ListWorkshops(reader).Limit(0).Facets(counted).Execute()
	ensure(err == nil, err)
	sum, unknown := int32(0), false
	for _, each := range found.GetFacets()["status"] {
		sum += each.Count
		unknown = unknown || each.Value.Get() == nil
	}
	ensure(unknown && sum == found.Page.Total, sum)
}

func search() {
	found, _, err := c.SearchAPI.SearchRecords(reader).Q("resilient").Limit(5).Execute()
	ensure(err == nil, err)
	isWorkshop := func(hit api.SearchHit) bool { return hit.Type == string(api.RECORDTYPE_WORKSHOPS) }
	ensure(slices.ContainsFunc(found.Data, isWorkshop))
	for _, hit := range found.Data {
		snippet := hit.Snippet.Get()
		ensure(snippet == nil || strings.Contains(snippet.Html, "<mark>"), hit)
	}
}

func notFound() {
	_, _, err := c.WorkshopsAPI.GetWorkshop(reader, "nothing").Execute()
	met := problem(err)
	ensure(met.Status == 404 && met.Code == "not_found", met)
}

func refused() {
	_, _, err := c.WorkshopsAPI.ListWorkshops(reader).StartsFrom("2021-02-30").Execute()
	met := problem(err)
	ensure(met.Code == "bad_query" && met.Errors[0].GetParameter() == "starts_from", met)
}

func conditional() {
	_, held, err := c.CitiesAPI.GetCity(reader, "kharkiv").Execute()
	ensure(err == nil, err)
	tag := held.Header.Get("ETag")
	_, again, err := c.CitiesAPI.GetCity(reader, "kharkiv").IfNoneMatch(tag).Execute()
	ensure(err != nil && again.StatusCode == http.StatusNotModified, err)
}

func sources() []api.SourceInput {
	source := api.NewSourceInput(api.CONFIDENCE_STATED)
	source.SetTitle("A scenario of the tests")
	return []api.SourceInput{*source}
}

func create() {
	body := api.NewWorkshopInput(id, "en", "A workshop of the tests", sources())
	body.SetKind(api.WORKSHOPKIND_TRAINING)
	body.SetCities([]string{"kharkiv"})
	body.SetStartsOn("2024-05")
	body.SetStartsAt(starts)
	body.SetVenue("A hall")
	answer, response, err := c.WorkshopsAPI.CreateWorkshop(writer).WorkshopInput(*body).Execute()
	ensure(err == nil && response.StatusCode == http.StatusCreated, err)
	made := answer.Data
	ensure(made.GetKind() == api.WORKSHOPKIND_TRAINING && made.GetStartsOn() == "2024-05", made)
	ensure(made.GetStartsAt().Equal(starts) && made.EndsAt.Get() == nil, made)
}

func read() (api.Workshop, string) {
	held, response, err := c.WorkshopsAPI.GetWorkshop(writer, id).Lang([]string{"*"}).Execute()
	ensure(err == nil, err)
	return held.Data, response.Header.Get("ETag")
}

func patch() {
	before, tag := read()
	body := api.NewWorkshopPatch()
	body.SetSummary("What it was about")
	body.SetVenueNil()
	asked := c.WorkshopsAPI.UpdateWorkshop(writer, id).IfMatch(tag).WorkshopPatch(*body)
	answer, _, err := asked.Execute()
	ensure(err == nil, err)
	after := answer.Data
	ensure(after.Version == before.Version+1 && after.Venue.Get() == nil, after)
	ensure(after.GetSummary() == "What it was about", after)
	ensure(after.GetKind() == api.WORKSHOPKIND_TRAINING, after)
}

func stale() {
	body := api.NewWorkshopPatch()
	body.SetSummary("Too late")
	asked := c.WorkshopsAPI.UpdateWorkshop(writer, id).IfMatch(`"0.x"`).WorkshopPatch(*body)
	_, _, err := asked.Execute()
	met := problem(err)
	ensure(met.Status == 412 && met.Code == "precondition_failed", met)
}

func putBack() {
	held, tag := read()
	var body api.WorkshopReplacement
	err := json.Unmarshal(must(json.Marshal(held)), &body)
	ensure(err == nil, err)
	asked := c.WorkshopsAPI.ReplaceWorkshop(writer, id).IfMatch(tag).WorkshopReplacement(body)
	again, response, err := asked.Execute()
	ensure(err == nil && response.StatusCode == http.StatusOK, err)
	ensure(again.Data.Version == held.Version, again.Data)
}

func remove() {
	_, tag := read()
	response, err := c.WorkshopsAPI.DeleteWorkshop(writer, id).IfMatch(tag).Reason("a test").Execute()
	ensure(err == nil && response.StatusCode == http.StatusNoContent, err)
	_, _, err = c.WorkshopsAPI.GetWorkshop(reader, id).Execute()
	met := problem(err)
	ensure(met.Code == "gone" && met.GetReason() == "a test", met)
}

func table() {
	country := []api.CountryCode{api.COUNTRYCODE_UA}
	text, _, err := c.CitiesAPI.ListCitiesCsv(reader).Country(country).Execute()
	ensure(err == nil, err)
	ensure(strings.HasPrefix(text, "id,") && strings.Contains(text, "Kharkiv"), text)
}

func calendar() {
	text, _, err := c.WorkshopsAPI.ListWorkshopsIcs(reader).City([]string{"kharkiv"}).Execute()
	ensure(err == nil && strings.HasPrefix(text, "BEGIN:VCALENDAR"), err, text)
}

const content = "Харків\n"

func upload() {
	file := api.NewDocumentFileInput("uk")
	file.SetLang("uk")
	file.SetMediaType("text/plain")
	body := api.NewDocumentInput(paper, "en", "A text", sources())
	body.SetFiles([]api.DocumentFileInput{*file})
	_, _, err := c.DocumentsAPI.CreateDocument(writer).DocumentInput(*body).Execute()
	ensure(err == nil, err)

	bytes := must(os.CreateTemp("", "scenario"))
	defer os.Remove(bytes.Name())
	must(bytes.WriteString(content))
	must(bytes.Seek(0, io.SeekStart))
	asked := c.FilesAPI.PutFileContent(writer, paper, "uk").IfNoneMatch("*").Body(bytes)
	stored, _, err := asked.Execute()
	ensure(err == nil, err)
	ensure(stored.Data.GetSize() == int64(len(content)), stored)
}

func download() {
	file, _, err := c.FilesAPI.GetFileContent(reader, paper, "uk").Execute()
	ensure(err == nil, err)
	defer os.Remove(file.Name())
	ensure(string(must(io.ReadAll(file))) == content)
	_, err = c.DocumentsAPI.DeleteDocument(writer, paper).IfMatch("*").Execute()
	ensure(err == nil, err)
}

func main() {
	step("list", "", list)
	step("lang", "", inUkrainian)
	step("include", "", include)
	step("facets", "", facets)
	step("search", "", search)
	step("404", "", notFound)
	step("400", "", refused)
	step("304", unchanged, conditional)
	step("create", "", create)
	step("patch", "", patch)
	step("412", "", stale)
	step("put back", "", putBack)
	step("delete", "", remove)
	step("CSV", "", table)
	step("iCal", "", calendar)
	step("upload", "", upload)
	step("download", "", download)
}
