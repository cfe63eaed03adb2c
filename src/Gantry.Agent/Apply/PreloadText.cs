using System.Text;

namespace Gantry.Agent.Apply;

/// <summary>The text of ld.so.preload. The loader takes blanks, colons and line ends between libraries (ld.so(8)).</summary>
internal static class PreloadText
{
    public static string Of(FileState? state) => state is null ? "" : Encoding.Latin1.GetString(state.Content);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static bool Has(string text, string library) => text.Split([' ', '\t', '\n', ':']).Contains(library);

    public static string With(string text, string library) => (text.Length == 0 || text[^1] == '\n' ? text : text + "\n") + library + "\n";

    /// <summary>Lines that do not name it stay as they are.</summary>
    public static string Without(string text, string library)
    {
        var lines = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            var others = string.Join(':', line.Split([' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries).Where(other => other != library));
            if (!Has(line, library) || others.Length > 0)
            {
                lines.Add(Has(line, library) ? others : line);
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>The library that one state has a line for and the other has not; "" when there is none.</summary>
    public static string Added(FileState? original, FileState? after)
    {
        var before = Of(original).Split('\n');
        return Of(after).Split('\n').FirstOrDefault(line => line.Length > 0 && !before.Contains(line)) ?? "";
    }

    /// <summary>Somebody changed the file behind us: the others' lines are the original now, with the library's where we took that out.</summary>
    /// <returns>Null: there is no file to go back to.</returns>
    public static FileState? Others(FileState? now, FileState? original, FileState? written, string library)
    {
        var mine = Added(original, written);
        var others = mine.Length == 0 ? Of(now) : Without(Of(now), mine);
        var isOwed = Has(Of(original), library) && !Has(Of(written), library);
        if (isOwed && !Has(others, library))
        {
            others = With(others, library);
        }

        return now is not null ? now with { Content = Bytes(others) } : isOwed ? original! with { Content = Bytes(others) } : null;
    }
}
