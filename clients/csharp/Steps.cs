using System;
using System.Text.RegularExpressions;

/// <summary>Does steps, and says on one line each how it went.</summary>
internal static class Steps
{
    internal static readonly string Api = Environment.GetEnvironmentVariable("API");
    internal static readonly string Token = Environment.GetEnvironmentVariable("TOKEN");
    internal static readonly string Client = Environment.GetEnvironmentVariable("CLIENT");

    internal static void Step(string name, Action step)
    {
        Step(name, "", step);
    }

    internal static void Step(string name, string workaround, Action step)
    {
        var verdict = workaround.Length == 0 ? "ok" : "workaround";
        var told = workaround;
        try
        {
            step();
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
            verdict = "failed";
            told = Regex.Replace(error.Message, @"\s+", " ");
        }
        Console.WriteLine(string.Join("\t", verdict, name, told));
    }

    internal static void Ensure(bool holds, object told)
    {
        if (!holds) throw new InvalidOperationException("it does not hold: " + told);
    }
}
