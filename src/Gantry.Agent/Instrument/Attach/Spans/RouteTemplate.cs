namespace Gantry.Agent.Instrument.Attach.Spans;

/// <summary>A route of ASP.NET Core, "/items/{id:int}", as the request metric names it: enough of it to tell whether a path with these route values is its.</summary>
internal sealed class RouteTemplate
{
    private const int MostSegments = 64;

    private readonly List<Segment> _segments = [];

    private RouteTemplate(string text) => Text = text;

    private enum Kind
    {
        Literal,
        Parameter,
        Optional,
        Rest,

        /// <summary>Several things in one segment, "{name}.{extension}".</summary>
        Mixed,
    }

    public string Text { get; }

    /// <summary>The more literal segments, the better it fits.</summary>
    public int Literals { get; private set; }

    public static RouteTemplate Parse(string text)
    {
        var template = new RouteTemplate(text);
        foreach (var part in Split(text))
        {
            if (template._segments.Count == MostSegments)
            {
                break;
            }

            var segment = Segment.Parse(part);
            template.Literals += segment.Kind == Kind.Literal ? 1 : 0;
            template._segments.Add(segment);
        }

        return template;
    }

    public bool Matches(ReadOnlySpan<char> path, ReadOnlySpan<char> routeValues)
    {
        path = path.Trim('/');
        foreach (var segment in _segments)
        {
            if (segment.Kind == Kind.Rest)
            {
                return path.IsEmpty || PairText.Has(routeValues, segment.Text);
            }

            if (path.IsEmpty)
            {
                if (segment.Kind == Kind.Optional)
                {
                    continue;
                }

                return false;
            }

            var end = path.IndexOf('/');
            var part = end < 0 ? path : path[..end];
            path = end < 0 ? default : path[(end + 1)..];
            if (!segment.Holds(part, routeValues))
            {
                return false;
            }
        }

        return path.IsEmpty;
    }

    /// <summary>At slashes outside of braces: a constraint may hold some.</summary>
    private static IEnumerable<string> Split(string text)
    {
        var (start, depth) = (0, 0);
        for (var at = 0; at <= text.Length; at++)
        {
            var unit = at < text.Length ? text[at] : '/';
            depth += unit == '{' ? 1 : unit == '}' ? -1 : 0;
            if (unit == '/' && (depth <= 0 || at == text.Length))
            {
                if (at > start)
                {
                    yield return text[start..at];
                }

                start = at + 1;
            }
        }
    }

    /// <param name="Text">Of a literal itself, of a parameter its name.</param>
    private readonly record struct Segment(Kind Kind, string Text)
    {
        public static Segment Parse(string part)
        {
            if (!part.Contains('{'))
            {
                return new Segment(Kind.Literal, part.TrimStart('~'));
            }

            if (part[0] != '{' || part[^1] != '}' || part.Count(unit => unit == '{') > 1 + (2 * part.Count(unit => unit == ':')))
            {
                return new Segment(Kind.Mixed, "");
            }

            var inner = part[1..^1];
            var name = inner.TrimStart('*').Split(':', '=', '?')[0];
            return new Segment(inner.StartsWith('*') ? Kind.Rest : inner.EndsWith('?') || inner.Contains('=') ? Kind.Optional : Kind.Parameter, name);
        }

        public bool Holds(ReadOnlySpan<char> part, ReadOnlySpan<char> routeValues) => Kind switch
        {
            Kind.Literal => part.Equals(Text, StringComparison.OrdinalIgnoreCase),
            Kind.Mixed => true,
            _ => PairText.Has(routeValues, Text),
        };
    }
}
