using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>PackagesAvailable: packages = 1 (name → PackageAvailable), all_packages_hash = 2. Always the whole set: what is not in it the agent deletes.</summary>
public sealed class PackagesAvailable : IWireMessage
{
    public List<MapEntry<PackageAvailable>> Packages { get; } = [];

    public byte[] AllHash { get; set; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.Messages(1, Packages);
        writer.Bytes(2, AllHash);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Packages.Add(reader.ReadInto(new MapEntry<PackageAvailable>()));
                return true;
            case (2, WireType.LengthDelimited):
                AllHash = reader.ReadBytes().ToArray();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>PackageAvailable: type = 1, version = 2, file = 3, hash = 4.</summary>
public sealed class PackageAvailable : IWireMessage
{
    public PackageType Type { get; set; }

    public string Version { get; set; } = "";

    public DownloadableFile? File { get; set; }

    public byte[] Hash { get; set; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.Int(1, (int)Type);
        writer.String(2, Version);
        writer.Message(3, File);
        writer.Bytes(4, Hash);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Type = (PackageType)reader.ReadInt32();
                return true;
            case (2, WireType.LengthDelimited):
                Version = reader.ReadString();
                return true;
            case (3, WireType.LengthDelimited):
                File = reader.ReadInto(File ?? new());
                return true;
            case (4, WireType.LengthDelimited):
                Hash = reader.ReadBytes().ToArray();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>DownloadableFile: download_url = 1, content_hash = 2 (SHA-256), signature = 3, headers = 4.</summary>
public sealed class DownloadableFile : IWireMessage
{
    public string Url { get; set; } = "";

    public byte[] ContentHash { get; set; } = [];

    public byte[] Signature { get; set; } = [];

    public Headers? Headers { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Url);
        writer.Bytes(2, ContentHash);
        writer.Bytes(3, Signature);
        writer.Message(4, Headers);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Url = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                ContentHash = reader.ReadBytes().ToArray();
                return true;
            case (3, WireType.LengthDelimited):
                Signature = reader.ReadBytes().ToArray();
                return true;
            case (4, WireType.LengthDelimited):
                Headers = reader.ReadInto(Headers ?? new());
                return true;
            default:
                return false;
        }
    }
}
