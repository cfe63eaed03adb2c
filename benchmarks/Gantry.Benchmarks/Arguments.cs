using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gantry.Benchmarks;

/// <param name="Json">One JSON object on stdout; words for people go to stderr.</param>
/// <param name="Seconds">How long to watch, where a benchmark watches.</param>
internal sealed record Arguments(bool Json, int Seconds = 60)
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
            else if (args[i] == "--seconds" && i + 1 < args.Length
                && int.TryParse(args[++i], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 86_400)
            {
                arguments = arguments with { Seconds = seconds };
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    public void Report<T>(T result)
    {
        if (Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(result, Format));
        }
    }
}
