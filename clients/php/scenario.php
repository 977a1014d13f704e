<?php

declare(strict_types=1);

// How to use the client that openapi-generator's `php` makes.
// Failures are exceptions; a problem is their response object.
use OpenAPI\Client\Api\{CitiesApi, DocumentsApi, FilesApi, SearchApi, WorkshopsApi};
use OpenAPI\Client\{ApiException, Configuration, ObjectSerializer};
use OpenAPI\Client\Model\{
    Confidence, CountryCode, DocumentFileInput, DocumentInput, Problem, SourceInput, Workshop,
    WorkshopFacet, WorkshopField, WorkshopInclude, WorkshopInput, WorkshopKind, WorkshopPatch,
    WorkshopReplacement
};

require __DIR__ . '/autoload.php';

[$server, $token, $client] = [getenv('API'), getenv('TOKEN'), getenv('CLIENT')];
[$id, $paper, $content] = ["$client-workshop", "$client-document", "Харків\n"];
$reader = (new Configuration())->setHost($server);
$writer = (new Configuration())->setHost($server)->setAccessToken($token);
[$workshops, $cities] = [new WorkshopsApi(config: $reader), new CitiesApi(config: $reader)];
[$writing, $documents] = [new WorkshopsApi(config: $writer), new DocumentsApi(config: $writer)];
$source = ['confidence' => Confidence::STATED, 'title' => 'A scenario of the tests'];
$sources = [new SourceInput($source)];
$starts = new DateTime('2024-05-06T09:30:00+02:00');

function step(string $name, callable $do, string $workaround = ''): void
{
    try {
        $do();
        echo implode("\t", [$workaround ? 'workaround' : 'ok', $name, $workaround]), "\n";
    } catch (Throwable $error) {
        fwrite(STDERR, "$error\n");
        echo implode("\t", ['failed', $name, strtr($error->getMessage(), "\n\t", '  ')]), "\n";
    }
}

function ensure(bool $holds, mixed $told = null): void
{
    if (!$holds) {
        throw new LogicException('it does not hold: ' . json_encode($told));
    }
}

function failure(callable $call): ApiException
{
    try {
        $call();
    } catch (ApiException $error) {
        return $error;
    }
    throw new LogicException('it was no failure');
}

function problem(callable $call): Problem
{
    $met = failure($call)->getResponseObject();
    ensure($met instanceof Problem, $met);
    return $met;
}

/** Returns the tag of an answer, given with its status and headers. */
function tag(array $answer): string
{
    return array_change_key_case($answer[2])['etag'][0];
}

step('list', function () use ($workshops): void {
    [$kinds, $seen, $cursor] = [[WorkshopKind::OTHER, WorkshopKind::PLANNING], [], null];
    $fields = [WorkshopField::TITLE, WorkshopField::KIND];
    do {
        $page = $workshops->listWorkshops(kind: $kinds, fields: $fields, limit: 4, cursor: $cursor);
        foreach ($page->getData() as $workshop) {
            ensure(in_array($workshop->getKind(), $kinds, true), $workshop);
            $seen[$workshop->getId()] = true;
        }
        $cursor = $page->getPage()->getNextCursor();
    } while ($cursor !== null);
    ensure(count($seen) === $page->getPage()->getTotal() && count($seen) > 4, $seen);
});

step('lang', function () use ($cities): void {
    $city = $cities->getCity('tirana', lang: ['uk'])->getData();
    ensure($city->getLang() === 'uk' && $city->getName() === 'Тирана', $city);
    ensure(array_unique(array_values($city->getFallbacks())) === ['en'], $city);
});

step('include', function () use ($workshops): void {
    $related = [WorkshopInclude::CITIES, WorkshopInclude::DOCUMENTS];
    $included = $workshops->listWorkshops(city: ['kharkiv'], include: $related)->getIncluded();
    $ids = array_map(static fn ($city) => $city->getId(), $included->getCities());
    ensure(in_array('kharkiv', $ids, true), $ids);
    ensure(count($included->getDocuments()) > 0);
});

step('facets', function () use ($workshops): void {
    $counted = [WorkshopFacet::KIND, WorkshopFacet::STATUS];
    $found = $workshops->listWorkshops(limit: 0, facets: $counted);
    $statuses = $found->getFacets()['status'];
    $values = array_map(static fn ($each) => $each->getValue(), $statuses);
    ensure(in_array(null, $values, true), $values);
    $sum = array_sum(array_map(static fn ($each) => $each->getCount(), $statuses));
    ensure($sum === $found->getPage()->getTotal(), $sum);
});

step('search', function () use ($reader): void {
    $hits = (new SearchApi(config: $reader))->searchRecords('resilient', limit: 5)->getData();
    $types = array_map(static fn ($hit) => $hit->getType(), $hits);
    ensure(in_array('workshops', $types, true), $types);
    foreach ($hits as $hit) {
        ensure(str_contains($hit->getSnippet()?->getHtml() ?? '<mark>', '<mark>'), $hit);
    }
});

step('404', function () use ($workshops): void {
    $met = problem(fn () => $workshops->getWorkshop('nothing'));
    ensure($met->getStatus() === 404 && $met->getCode() === 'not_found', $met);
});

step('400', function () use ($workshops): void {
    $met = problem(fn () => $workshops->listWorkshops(starts_from: '2021-02-30'));
    ensure($met->getCode() === 'bad_query', $met);
    ensure($met->getErrors()[0]->getParameter() === 'starts_from', $met);
});

step('304', function () use ($cities): void {
    $held = tag($cities->getCityWithHttpInfo('kharkiv'));
    $again = failure(fn () => $cities->getCity('kharkiv', if_none_match: $held));
    ensure($again->getCode() === 304, $again->getCode());
}, 'A 304 is an exception, too: look at its code.');

step('create', function () use ($writing, $id, $sources, $starts): void {
    $body = (new WorkshopInput())
        ->setId($id)
        ->setLang('en')
        ->setTitle('A workshop of the tests')
        ->setSources($sources)
        ->setKind(WorkshopKind::TRAINING)
        ->setCities(['kharkiv'])
        ->setStartsOn('2024-05')
        ->setStartsAt($starts)
        ->setVenue('A hall');
    [$answer, $status] = $writing->createWorkshopWithHttpInfo($body);
    ensure($status === 201, $status);
    $made = $answer->getData();
    ensure($made->getKind() === WorkshopKind::TRAINING, $made);
    ensure($made->getStartsOn() === '2024-05' && $made->getStartsAt() == $starts, $made);
    ensure($made->getEndsAt() === null, $made);
});

step('patch', function () use ($writing, $id): void {
    $held = $writing->getWorkshopWithHttpInfo($id);
    $body = (new WorkshopPatch())->setSummary('What it was about')->setVenue(null);
    $after = $writing->updateWorkshop($id, $body, if_match: tag($held))->getData();
    ensure($after->getVersion() === $held[0]->getData()->getVersion() + 1, $after);
    ensure($after->getVenue() === null && $after->getKind() === WorkshopKind::TRAINING, $after);
    ensure($after->getSummary() === 'What it was about', $after);
});

step('412', function () use ($writing, $id): void {
    $body = (new WorkshopPatch())->setSummary('Too late');
    $met = problem(fn () => $writing->updateWorkshop($id, $body, if_match: '"0.x"'));
    ensure($met->getStatus() === 412 && $met->getCode() === 'precondition_failed', $met);
});

step('put back', function () use ($writing, $id): void {
    $held = $writing->getWorkshopWithHttpInfo($id, lang: ['*']);
    $workshop = $held[0]->getData();
    $read = (array) ObjectSerializer::sanitizeForSerialization($workshop);
    $read = (object) array_filter($read, static fn ($value) => $value !== []);
    $body = ObjectSerializer::deserialize($read, WorkshopReplacement::class);
    $asked = [$id, $body, 'if_match' => tag($held)];
    [$again, $status] = $writing->replaceWorkshopWithHttpInfo(...$asked);
    ensure($status === 200, $status);
    ensure($again->getData()->getVersion() === $workshop->getVersion(), $again);
}, 'An empty map is sent as `[]`, which is no object (422): leave empty values out.');

step('delete', function () use ($writing, $workshops, $id): void {
    $held = tag($writing->getWorkshopWithHttpInfo($id));
    [, $status] = $writing->deleteWorkshopWithHttpInfo($id, if_match: $held, reason: 'a test');
    ensure($status === 204, $status);
    $met = problem(fn () => $workshops->getWorkshop($id));
    ensure($met->getCode() === 'gone' && $met->getReason() === 'a test', $met);
});

step('CSV', function () use ($cities): void {
    $text = $cities->listCitiesCsv(country: [CountryCode::UA]);
    ensure(str_starts_with($text, 'id,') && str_contains($text, 'Kharkiv'), $text);
});

step('iCal', function () use ($workshops): void {
    $text = $workshops->listWorkshopsIcs(city: ['kharkiv']);
    ensure(str_starts_with($text, 'BEGIN:VCALENDAR'), $text);
});

step('upload', function () use ($documents, $writer, $paper, $sources, $content): void {
    $file = ['id' => 'uk', 'lang' => 'uk', 'media_type' => 'text/plain'];
    $body = (new DocumentInput())->setId($paper)->setLang('en')->setTitle('A text');
    $body->setSources($sources)->setFiles([new DocumentFileInput($file)]);
    $documents->createDocument($body);
    $path = tempnam(sys_get_temp_dir(), 'scenario');
    file_put_contents($path, $content);
    $files = new FilesApi(config: $writer);
    $asked = [$paper, 'uk', new SplFileObject($path), 'if_none_match' => '*'];
    $stored = $files->putFileContent(...$asked)->getData();
    ensure($stored->getSize() === strlen($content), $stored);
    unlink($path);
});

step('download', function () use ($documents, $reader, $paper, $content): void {
    $file = (new FilesApi(config: $reader))->getFileContent($paper, 'uk');
    ensure(file_get_contents($file->getPathname()) === $content, $file->getPathname());
    $documents->deleteDocument($paper, if_match: '*');
});
