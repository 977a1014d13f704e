<?php

declare(strict_types=1);

// Finds the client's classes, and Guzzle where Debian puts it. With Composer none of this is needed.
set_error_handler(static function (int $level, string $told, string $file, int $line): never {
    throw new ErrorException($told, 0, $level, $file, $line);
});
require 'GuzzleHttp/autoload.php';
spl_autoload_register(static function (string $class): void {
    $path = __DIR__ . '/client/lib/' . strtr(substr($class, strlen('OpenAPI\Client\\')), '\\', '/');
    if (str_starts_with($class, 'OpenAPI\Client\\') && is_file("$path.php")) {
        require "$path.php";
    }
});
