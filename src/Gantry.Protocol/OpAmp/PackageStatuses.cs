using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>PackageStatuses: packages = 1 (name → PackageStatus), server_provided_all_packages_hash = 2, error_message = 3.</summary>
public sealed class PackageStatuses : IWireMessage
{
    public List<MapEntry<PackageStatus>> Packages { get; } = [];

    public byte[] OfferedHash { get; set; } = [];

    public string ErrorMessage { get; set; } = "";

    public void WriteTo(ProtoWriter writer)
    {
        writer.Messages(1, Packages);
        writer.Bytes(2, OfferedHash);
        writer.String(3, ErrorMessage);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Packages.Add(reader.ReadInto(new MapEntry<PackageStatus>()));
                return true;
            case (2, WireType.LengthDelimited):
                OfferedHash = reader.ReadBytes().ToArray();
                return true;
            case (3, WireType.LengthDelimited):
                ErrorMessage = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>
/// PackageStatus: name = 1, agent_has_version = 2, agent_has_hash = 3, server_offered_version = 4, server_offered_hash = 5, status = 6,
/// error_message = 7, download_details = 8.
/// </summary>
public sealed class PackageStatus : IWireMessage
{
    public string Name { get; set; } = "";

    public string HasVersion { get; set; } = "";

    public byte[] HasHash { get; set; } = [];

    public string OfferedVersion { get; set; } = "";

    public byte[] OfferedHash { get; set; } = [];

    public PackageState State { get; set; }

    public string ErrorMessage { get; set; } = "";

    public PackageDownloadDetails? Download { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Name);
        writer.String(2, HasVersion);
        writer.Bytes(3, HasHash);
        writer.String(4, OfferedVersion);
        writer.Bytes(5, OfferedHash);
        writer.Int(6, (int)State);
        writer.String(7, ErrorMessage);
        writer.Message(8, Download);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Name = reader.ReadString();
                return true;
            case (2, WireType.LengthDelimited):
                HasVersion = reader.ReadString();
                return true;
            case (3, WireType.LengthDelimited):
                HasHash = reader.ReadBytes().ToArray();
                return true;
            case (4, WireType.LengthDelimited):
                OfferedVersion = reader.ReadString();
                return true;
            case (5, WireType.LengthDelimited):
                OfferedHash = reader.ReadBytes().ToArray();
                return true;
            case (6, WireType.Varint):
                State = (PackageState)reader.ReadInt32();
                return true;
            case (7, WireType.LengthDelimited):
                ErrorMessage = reader.ReadString();
                return true;
            case (8, WireType.LengthDelimited):
                Download = reader.ReadInto(Download ?? new());
                return true;
            default:
                return false;
        }
    }
}

/// <summary>PackageDownloadDetails: download_percent = 1, download_bytes_per_second = 2.</summary>
public sealed class PackageDownloadDetails : IWireMessage
{
    public double Percent { get; set; }

    public double BytesPerSecond { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Double(1, Percent);
        writer.Double(2, BytesPerSecond);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Fixed64):
                Percent = reader.ReadDouble();
                return true;
            case (2, WireType.Fixed64):
                BytesPerSecond = reader.ReadDouble();
                return true;
            default:
                return false;
        }
    }
}
