using System.Buffers.Binary;

namespace Gantry.Agent.Apply;

/// <summary>
/// The agent's own notes, in a folder that only it can read:
/// <code>
/// lock       held while the host's files are looked at and changed
/// manifest   what the agent has in its hands now
/// journal    what it is about to do; there only while it does it
/// preload    of the injector's line in ld.so.preload: "seen", "taken-out", a line each
/// states/H   a file's state by its hash: mode, user, group (4 bytes each, little-endian), then the content
/// </code>
/// </summary>
internal sealed class ApplyStore : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly Action<string> _step;

    /// <exception cref="ApplyException">Another process has it.</exception>
    public ApplyStore(string folder, Action<string> step)
    {
        _folder = folder;
        _step = step;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "states"));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            _lock = new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new ApplyException($"{folder} is in use by another agent, or cannot be written ({e.Message}); stop that agent, or wait until it is done");
        }
        catch (UnauthorizedAccessException)
        {
            throw new ApplyException($"{folder} cannot be written; run as the agent's user");
        }
    }

    public Journal Manifest => TryRead("manifest") ?? Journal.Empty;

    public Journal? Pending => TryRead("journal");

    /// <summary>Apart from the manifest: it must hold when the line is in nobody's hands, and when the manifest cannot be read.</summary>
    public PreloadMarks Preload
    {
        get
        {
            var path = Path.Combine(_folder, "preload");
            var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
            return new PreloadMarks(lines.Contains("seen"), lines.Contains("taken-out"));
        }
    }

    public void SavePreload(PreloadMarks marks)
    {
        if (marks != Preload)
        {
            Replace("preload", System.Text.Encoding.ASCII.GetBytes((marks.IsSeen ? "seen\n" : "") + (marks.IsTakenOut ? "taken-out\n" : "")));
        }
    }

    public void SaveManifest(Journal manifest) => Replace("manifest", manifest.Write());

    public void SaveJournal(Journal journal) => Replace("journal", journal.Write());

    public void RemoveJournal()
    {
        File.Delete(Path.Combine(_folder, "journal"));
        SyncFolder(_folder);
        _step("journal removed");
    }

    public void SaveState(FileState? state)
    {
        if (state is null || File.Exists(Path.Combine(_folder, "states", state.Hash)))
        {
            return;
        }

        var bytes = new byte[12 + state.Content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, state.Mode);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), state.User);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), state.Group);
        state.Content.CopyTo(bytes, 12);
        Replace(Path.Combine("states", state.Hash), bytes);
    }

    /// <returns>Null for "": there was no file.</returns>
    public FileState? State(string hash)
    {
        if (hash.Length == 0)
        {
            return null;
        }

        var path = Path.Combine(_folder, "states", hash);
        var bytes = hash.All(char.IsAsciiHexDigitLower) && File.Exists(path) ? File.ReadAllBytes(path) : [];
        var state = bytes.Length < 12 ? null : new FileState(bytes[12..], BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)));
        return state?.Hash == hash ? state : throw new ApplyException($"{path} is missing or was changed; restore it from a backup");
    }

    /// <summary>States that no note names any more.</summary>
    public void RemoveUnused(Journal manifest)
    {
        var used = manifest.Entries.SelectMany(entry => new[] { entry.Original, entry.Before, entry.After }).ToHashSet();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_folder, "states")).Where(file => !used.Contains(Path.GetFileName(file))).ToList())
        {
            File.Delete(file);
        }
    }

    public void Dispose() => _lock.Dispose();

    private Journal? TryRead(string name)
    {
        var path = Path.Combine(_folder, name);
        return File.Exists(path) ? Journal.Read(File.ReadAllBytes(path), path) : null;
    }

    /// <summary>Whole or not at all, also when the machine loses power.</summary>
    private void Replace(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        _step($"{name} written");
        File.Move(path + ".new", path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
        _step($"{name} in place");
    }

    private static void SyncFolder(string folder)
    {
        var descriptor = FileCalls.OpenRoot(folder);
        if (descriptor >= 0)
        {
            using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
            _ = FileCalls.Sync(descriptor);
        }
    }
}
