using System.Text;
using Gantry.Hub.Coverage;

namespace Gantry.Hub.Ui.Live;

/// <summary>One view that somebody watches, whoever and however many. Owned by the loop; viewers only read <see cref="Frames"/>.</summary>
internal sealed class LiveScope(string url)
{
    private volatile LiveFrame[]? _frames;

    private long _version;

    /// <summary>What <see cref="Frames"/> were drawn from. Only the loop asks.</summary>
    public EstateSnapshot? DrawnFrom { get; set; }

    public string Url => url;

    /// <summary>The newest frame of each region; null before the first rendering.</summary>
    public LiveFrame[]? Frames => _frames;

    /// <summary>Takes a rendering; true when a region differs from what viewers have.</summary>
    public bool Publish(IReadOnlyList<LiveRegion> regions)
    {
        var old = _frames;
        var frames = new LiveFrame[regions.Count];
        var changed = false;
        for (var i = 0; i < frames.Length; i++)
        {
            var region = regions[i];
            var same = old is null ? null : Array.Find(old, frame => frame.Id == region.Id && frame.Html == region.Html);
            frames[i] = same ?? LiveFrame.Of(region, ++_version);
            changed |= same is null;
        }

        _frames = frames;
        return changed;
    }
}

/// <summary>A region, ready to send.</summary>
/// <param name="Version">Grows with each change within the scope: a viewer sends what is newer than what it sent.</param>
internal sealed record LiveFrame(string Id, string Html, long Version, byte[] Bytes)
{
    /// <summary>A server-sent event named after the region; each line of HTML is a data line.</summary>
    public static LiveFrame Of(LiveRegion region, long version)
    {
        var text = new StringBuilder("event: ").Append(region.Id).Append('\n');
        foreach (var line in region.Html.AsSpan().EnumerateLines())
        {
            text.Append("data: ").Append(line).Append('\n');
        }

        return new LiveFrame(region.Id, region.Html, version, Encoding.UTF8.GetBytes(text.Append('\n').ToString()));
    }
}
