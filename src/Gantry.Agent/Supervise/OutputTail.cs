using System.Text;

namespace Gantry.Agent.Supervise;

/// <summary>The end of what a child prints: bounded however much that is, without secrets. Fed from two readers at once.</summary>
internal sealed class OutputTail(IReadOnlyList<string> secrets)
{
    private const int MostLines = 40;
    private const int LongestLine = 400;

    /// <summary>What follows such a word on a line is a secret, whoever printed it.</summary>
    private static readonly string[] Words = ["authorization", "bearer", "token", "password", "passwd", "secret", "api-key", "api_key", "apikey", "x-api"];

    private readonly Queue<string> _lines = new();

    public string Text
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    public string LastLine
    {
        get
        {
            lock (_lines)
            {
                return _lines.LastOrDefault(line => line.Length > 0) ?? "";
            }
        }
    }

    /// <summary>Reads until the end, with a buffer that does not grow: a line without end is cut, not collected.</summary>
    public async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[4096];
        var line = new StringBuilder();
        var decoder = Encoding.UTF8.GetDecoder();
        var chars = new char[4096];
        int read;
        try
        {
            while ((read = await stream.ReadAsync(buffer)) > 0)
            {
                var count = decoder.GetChars(buffer, 0, read, chars, 0, flush: false);
                foreach (var c in chars.AsSpan(0, count))
                {
                    if (c == '\n')
                    {
                        Add(line.ToString());
                        line.Clear();
                    }
                    else if (line.Length < LongestLine)
                    {
                        line.Append(char.IsControl(c) ? ' ' : c);
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The child is gone, and its pipe with it.
        }

        if (line.Length > 0)
        {
            Add(line.ToString());
        }
    }

    private void Add(string line)
    {
        line = Clean(line);
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > MostLines)
            {
                _lines.Dequeue();
            }
        }
    }

    private string Clean(string line)
    {
        foreach (var secret in secrets.Where(secret => secret.Length > 0))
        {
            line = line.Replace(secret, "***");

            // Cut in the middle at the longest line, the beginning of a secret is left.
            for (var length = Math.Min(secret.Length - 1, line.Length); length >= 4; length--)
            {
                if (line.EndsWith(secret[..length], StringComparison.Ordinal) && line.Length >= LongestLine)
                {
                    line = line[..^length] + "***";
                    break;
                }
            }
        }

        foreach (var word in Words)
        {
            var at = line.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            if (at >= 0 && at + word.Length < line.Length)
            {
                line = line[..(at + word.Length)] + " ***";
            }
        }

        return line;
    }
}
