using System.Security.Cryptography;
using System.Text;
using Gantry.Hub.Secrets;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>
/// What collectors run, redacted, each text once however many run it: as many texts as cohorts, not as collectors. Guarded by the lock of
/// <see cref="CollectorStore"/>.
/// </summary>
internal sealed class EffectiveConfigs
{
    /// <summary>Of one text, in characters.</summary>
    public const int LongestText = 256 * 1024;

    /// <summary>Of all texts together, in characters.</summary>
    public const long MostText = 64 * 1024 * 1024;

    private readonly Dictionary<string, Entry> _entries = [];
    private long _length;

    /// <summary>Hash to text; null when it was not kept.</summary>
    public string? Find(string hash) => _entries.TryGetValue(hash, out var entry) ? entry.Text : null;

    public IEnumerable<(string Hash, string Text)> Unwritten => _entries.Where(item => item.Value.Dirty).Select(item => (item.Key, item.Value.Text));

    public void Restore(string hash, string text) => Add(hash, text, dirty: false);

    public void Written(string hash, bool written)
    {
        if (_entries.TryGetValue(hash, out var entry))
        {
            entry.Dirty = !written;
        }
    }

    /// <summary>Hash of all files as they came: 64 hexadecimal digits.</summary>
    public static string HashOf(EffectiveConfig config)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, file) in Files(config))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{file.Body.Length}\0"));
            hash.AppendData(file.Body);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Keep(string hash, string text) => Add(hash, text, dirty: true);

    /// <summary>Forgets texts that nobody runs any more.</summary>
    /// <returns>Whose rows are to be deleted.</returns>
    public IReadOnlyList<string> Forget(IReadOnlySet<string> used)
    {
        var gone = _entries.Keys.Where(hash => !used.Contains(hash)).ToList();
        foreach (var hash in gone)
        {
            _length -= _entries[hash].Text.Length;
            _entries.Remove(hash);
        }

        return gone;
    }

    /// <summary>All files, redacted and cut. Takes its time, so not under a lock.</summary>
    public static string TextOf(EffectiveConfig config)
    {
        var text = new StringBuilder();
        foreach (var (name, file) in Files(config))
        {
            text.Append(name.Length == 0 ? "" : $"// file: {name}\n").Append(Redaction.Of(Encoding.UTF8.GetString(file.Body).Replace('\0', ' '), ContentType(file)));
            if (text.Length > LongestText)
            {
                text.Length = LongestText;
                return text.Append("\n// … cut by the hub\n").ToString();
            }
        }

        return text.ToString();
    }

    /// <summary>Alloy calls its own syntax "text/plain".</summary>
    private static string ContentType(AgentConfigFile file) => file.ContentType is "" or "text/plain" ? "text/x-alloy" : file.ContentType;

    private static IEnumerable<KeyValuePair<string, AgentConfigFile>> Files(EffectiveConfig config) =>
        (config.ConfigMap?.ConfigMap ?? []).OrderBy(item => item.Key, StringComparer.Ordinal);

    private void Add(string hash, string text, bool dirty)
    {
        if (_length + text.Length <= MostText && _entries.TryAdd(hash, new Entry(text) { Dirty = dirty }))
        {
            _length += text.Length;
        }
    }

    private sealed class Entry(string text)
    {
        public string Text { get; } = text;

        public bool Dirty { get; set; }
    }
}
