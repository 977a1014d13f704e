<?php

declare(strict_types=1);

// Loads every class of the client; what PHP merely warns of ends it.
require __DIR__ . '/autoload.php';
$files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator(__DIR__ . '/client/lib'));
foreach ($files as $file) {
    if ($file->getExtension() === 'php') {
        $name = substr($file->getPathname(), strlen(__DIR__ . '/client/lib/'), -strlen('.php'));
        $class = 'OpenAPI\Client\\' . strtr($name, '/', '\\');
        if (!class_exists($class) && !interface_exists($class)) {
            throw new LogicException("There is no $class.");
        }
    }
}
