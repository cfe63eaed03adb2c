using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gantry.Benchmarks;

/// <param name="Json">One JSON object on stdout; words for people go to stderr.</param>
/// <param name="Seconds">How long to watch, where a benchmark watches; null: as long as it does by itself.</param>
/// <param name="Rounds">How many rounds to compare, where a benchmark runs whole programs in turns; null: as many as it does by itself.</param>
/// <param name="Agents">Size of a fleet, where a benchmark has one.</param>
/// <param name="Transport">"websocket" or "memory", where a benchmark has both.</param>
/// <param name="Cycles">Only so many attachings, where a benchmark attaches; null: all that it measures.</param>
internal sealed record Arguments(bool Json, int? Seconds = null, int? Rounds = null, int? Agents = null, string Transport = "websocket", int? Cycles = null)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public TextWriter Words => Json ? Console.Error : Console.Out;

    public static bool TryParse(ReadOnlySpan<string> args, out Arguments arguments)
    {
        arguments = new Arguments(Json: false);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--json")
            {
                arguments = arguments with { Json = true };
            }
            else if (args[i] == "--seconds" && TryNumber(args, ref i, 86_400, out var seconds))
            {
                arguments = arguments with { Seconds = seconds };
            }
            else if (args[i] == "--rounds" && TryNumber(args, ref i, 999, out var rounds))
            {
                arguments = arguments with { Rounds = rounds };
            }
            else if (args[i] == "--agents" && TryNumber(args, ref i, 200_000, out var agents))
            {
                arguments = arguments with { Agents = agents };
            }
            else if (args[i] == "--cycles" && TryNumber(args, ref i, 100_000, out var cycles))
            {
                arguments = arguments with { Cycles = cycles };
            }
            else if (args[i] == "--transport" && i + 1 < args.Length && args[++i] is "websocket" or "memory")
            {
                arguments = arguments with { Transport = args[i] };
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryNumber(ReadOnlySpan<string> args, ref int at, int most, out int number)
    {
        number = 0;
        return at + 1 < args.Length && int.TryParse(args[++at], NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most;
    }

    public void Report<T>(T result)
    {
        if (Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(result, Format));
        }
    }
}
