using System.Text.Json;

namespace Gantry.Protocol.FleetManagement.Fields;

/// <summary>One reading of a JSON text: where it stands, and the first thing that is wrong. Later problems are not kept.</summary>
public sealed class JsonReading
{
    private const int LongestShown = 60;

    private readonly List<string> _path = [];

    /// <summary>"collector.remoteAttributes.team: expected a string, this is 5"; "" when all is well.</summary>
    public string Error { get; private set; } = "";

    public bool Failed => Error.Length > 0;

    /// <summary>Goes down to a field or an element; <see cref="Leave"/> comes back.</summary>
    public void Enter(string name) => _path.Add(name);

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    /// <param name="expected">What would have been right: "a string".</param>
    public void Fail(string expected, JsonElement found)
    {
        var text = found.GetRawText();
        FailBecause($"expected {expected}, this is {(text.Length > LongestShown ? string.Concat(text.AsSpan(0, LongestShown), "…") : text)}");
    }

    public void FailBecause(string why)
    {
        if (!Failed)
        {
            Error = _path.Count == 0 ? why : $"{string.Join('.', _path)}: {why}";
        }
    }
}
