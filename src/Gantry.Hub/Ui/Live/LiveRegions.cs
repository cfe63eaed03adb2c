namespace Gantry.Hub.Ui.Live;

/// <summary>A piece of a page that moves.</summary>
internal readonly record struct LiveRegion(string Id, string Html);

/// <summary>Finds the live regions in a rendered page, as <see cref="Controls.Live"/> wrote them:
/// <c>&lt;section data-live="id" …&gt; html &lt;/section&gt;&lt;!--/live--&gt;</c>.</summary>
/// <remarks>Text cannot forge the marks: a component encodes every &lt; that comes from data. Regions do not nest.</remarks>
internal static class LiveRegions
{
    public const string EndMark = "<!--/live-->";

    private const string Start = "<section data-live=\"";
    private const string End = "</section>" + EndMark;

    public static IReadOnlyList<LiveRegion> Cut(string html)
    {
        var regions = new List<LiveRegion>();
        var at = 0;
        while ((at = html.IndexOf(Start, at, StringComparison.Ordinal)) >= 0)
        {
            var id = at + Start.Length;
            var idEnd = html.IndexOf('"', id);
            var inner = html.IndexOf('>', idEnd) + 1;
            var end = html.IndexOf(End, inner, StringComparison.Ordinal);
            regions.Add(new LiveRegion(html[id..idEnd], html[inner..end]));
            at = end + End.Length;
        }

        return regions;
    }
}
